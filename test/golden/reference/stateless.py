"""TensorFlow's stateless uniform numbers in NumPy: Philox 4×32-10 (Salmon et al. 2011), keyed as TensorFlow 1 does."""

import numpy as np

MASK = 0xFFFFFFFF


def philox(counter, key):
    c, (k0, k1) = list(counter), key
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k0, b & MASK, (a >> 32) ^ c[3] ^ k1, a & MASK]
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return c


def stateless_uniform(shape, seed):
    """In [0, 1), float32, as tf.random.stateless_uniform draws them from two int32 numbers."""
    first, second = (int(part) & 0xFFFFFFFFFFFFFFFF for part in seed)
    mixed = philox([first & MASK, first >> 32, second & MASK, second >> 32], [0x3EC8F720, 0x02461E29])
    key, high = mixed[:2], mixed[2:]
    count = int(np.prod(shape))
    words = [word for block in range((count + 3) // 4) for word in philox([block, 0, *high], key)][:count]
    bits = (np.array(words, dtype=np.uint32) & np.uint32(0x7FFFFF)) | np.uint32(0x3F800000)
    return (bits.view(np.float32) - np.float32(1)).reshape(shape)
