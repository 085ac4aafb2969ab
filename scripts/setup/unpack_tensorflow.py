"""Take from TensorFlow's wheel what tfjs-node needs: unpack_tensorflow.py WHEEL FOLDER

That is the library with the C API, the framework library, the headers of the C API, and the licence: a tenth of the
files. No package of the wheel's Python side is installed.
"""

import pathlib
import re
import shutil
import sys
import zipfile

# Paths below tensorflow/ in the wheel. The headers are those that c_api.h includes, in their folders.
WANTED = re.compile(
    r"libtensorflow_(cc|framework)\.[^/]*"
    r"|include/(tensorflow/c|xla/tsl/c|tsl/platform|tensorflow/core/platform)/.*\.h"
)


def main(wheel: str, folder: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            top, _, path = entry.filename.partition("/")
            if top != "tensorflow" or not WANTED.fullmatch(path):
                continue
            target = pathlib.Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source, open(target, "wb") as file:
                shutil.copyfileobj(source, file, 1 << 20)
            print(path, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
