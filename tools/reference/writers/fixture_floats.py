"""floats.json: conversions between float32 and the two half precisions, bit by bit; format in README.md."""

import numpy as np
import torch

from .arrays import sha256

F16_LIST = [
    *(0x0000, 0x8000, 0x0001, 0x8001, 0x0002, 0x01FF, 0x0200, 0x03FF, 0x83FF, 0x0400, 0x8400, 0x0401, 0x07FF, 0x0800),
    *(0x3555, 0x3800, 0x3BFF, 0x3C00, 0x3C01, 0xBC00, 0x4000, 0x4248, 0x5640, 0x6800, 0x7800, 0x7BFE, 0x7BFF, 0xFBFF),
    *(0x7C00, 0xFC00, 0x7C01, 0x7E00, 0xFE00, 0x7FFF, 0xFFFF),
]
BF16_LIST = [
    *(0x0000, 0x8000, 0x0001, 0x8001, 0x007F, 0x0080, 0x8080, 0x3EAB, 0x3F00, 0x3F7F, 0x3F80, 0x3F81, 0xBF80, 0x4000),
    *(0x4049, 0x42C8, 0x477F, 0x4780, 0x7F00, 0x7F7F, 0xFF7F, 0x7F80, 0xFF80, 0x7F81, 0x7FC0, 0xFFC0, 0x7FFF, 0xFFFF),
]
# Halfway cases, overflow, underflow and the subnormal border, as float32 values.
TO_F16_VALUES = [
    *(0.0, -0.0, 1.0, -1.0, 1 / 3, -2 / 3, 3.14159274, 0.1, 100.1, 2048.0, 2049.0, 2050.0, 2051.0, -2049.0, 4097.0),
    *(1 + 2**-11, 1 + 2**-11 + 2**-23, 1 + 2**-11 - 2**-23, 1 + 3 * 2**-11, 1 - 2**-12, 1 - 2**-13, 1 + 2**-10),
    *(65503.0, 65504.0, 65519.99609375, 65520.0, 65535.0, 65536.0, 1e10, 3.4028234663852886e38, -65520.0, -1e10),
    *(2**-14, 2**-14 - 2**-25, 2**-14 - 2**-26, 2**-15, 2**-24, 2**-25, 2**-25 + 2**-48, 3 * 2**-25, 5 * 2**-25),
    *(2**-26, -(2**-25), -(2**-24), -3 * 2**-25, 1e-8, 1e-30, 1e-45, -1e-45),
]
TO_F16_BITS = [0x7F800000, 0xFF800000, 0x7FC00000, 0xFFC00000, 0x7F800001, 0x00000001, 0x807FFFFF]


def bits_of(values):
    return np.asarray(values, np.float32).view(np.uint32)


def f16_to_f32(bits):
    with np.errstate(invalid="ignore"):
        return np.asarray(bits, np.uint16).view(np.float16).astype(np.float32)


def bf16_to_f32(bits):
    signed = torch.from_numpy(np.asarray(bits, np.uint16).view(np.int16).copy())
    return signed.view(torch.bfloat16).float().numpy()


def to_f16(values):
    """float32 -> float16 bits (uint16): clamp to +-65504, then nearest, ties to even. NumPy and torch must agree."""
    values = np.asarray(values, np.float32)
    with np.errstate(invalid="ignore"):
        half = np.clip(values, np.float32(-65504), np.float32(65504)).astype(np.float16)
    other = torch.from_numpy(values).clamp(-65504, 65504).half().numpy()
    nan = np.isnan(half)
    assert (half[~nan].view(np.uint16) == other[~nan].view(np.uint16)).all() and np.isnan(other[nan]).all()
    return half.view(np.uint16)


def widening(convert, listed):
    every = convert(np.arange(65536, dtype=np.uint16))
    return {
        "list": [[bits, int(f32)] for bits, f32 in zip(listed, bits_of(convert(listed)))],
        "all_sha256": sha256(every[~np.isnan(every)]),
    }


def midpoints():
    """float32 [4 * 0x7BFF]: around every border between two neighbouring positive float16 values."""
    a = f16_to_f32(np.arange(0x7BFF))
    b = f16_to_f32(np.arange(1, 0x7C00))
    middle = (a + b) / np.float32(2)
    assert (middle.astype(np.float64) * 2 == a.astype(np.float64) + b).all()
    below = np.nextafter(middle, np.float32(-np.inf))
    above = np.nextafter(middle, np.float32(np.inf))
    return np.stack([a, middle, below, above], axis=1).reshape(-1)


def build():
    listed = np.concatenate([bits_of(TO_F16_VALUES), np.array(TO_F16_BITS, np.uint32)])
    converted = to_f16(listed.view(np.float32))
    around = to_f16(midpoints())
    return {
        "f16": widening(f16_to_f32, F16_LIST),
        "bf16": widening(bf16_to_f32, BF16_LIST),
        "to_f16": {
            "list": [[int(f32), int(f16)] for f32, f16 in zip(listed, converted)],
            "midpoints_sha256": sha256(around),
            "midpoints_count": around.size,
        },
    }
