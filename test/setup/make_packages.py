"""Small wheels and their index pages for the tests: make_packages.py FOLDER NAME==VERSION[:NEEDED,...]..."""

import pathlib
import sys
import zipfile


def make(folder: pathlib.Path, specification: str) -> None:
    package, _, needed = specification.partition(":")
    name, version = package.split("==")
    module = name.replace("-", "_")
    requires = "".join(f"Requires-Dist: {each}\n" for each in needed.split(",") if each)
    info = f"{module}-{version}.dist-info"
    files = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{module}/__init__.py": f"name = {name!r}\n",
    }
    if name.startswith("tensorflow"):
        for library in ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"]:
            files[f"tensorflow/{library}"] = "a library"
        files["tensorflow/include/tensorflow/c/c_api.h"] = ""
    record = f"{info}/RECORD"
    files[record] = "".join(f"{path},,\n" for path in [*files, record])
    wheel = f"{module}-{version}-py3-none-any.whl"
    page = folder / "simple" / name / "index.html"
    page.parent.mkdir(parents=True)
    (folder / "files").mkdir(exist_ok=True)
    page.write_text(f'<!DOCTYPE html><html><body><a href="../../files/{wheel}">{wheel}</a></body></html>')
    with zipfile.ZipFile(folder / "files" / wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)


if __name__ == "__main__":
    for argument in sys.argv[2:]:
        make(pathlib.Path(sys.argv[1]), argument)
