#!/usr/bin/env python3
"""Writes src/codec/serpent/printable/table.rs: where str.isprintable() changes along the code points.

Run with the Python whose Unicode tables are wanted, then `cargo fmt`:
    python3.11 tools/printable.py > src/codec/serpent/printable/table.rs
"""
import unicodedata

flips = []
printable = False
for point in range(0x110000):
    if chr(point).isprintable() != printable:
        printable = not printable
        flips.append(point)

print(f"//! Where printability changes in Unicode {unicodedata.unidata_version}; written by `tools/printable.py`.")
print()
print("/// Code points at which `str.isprintable()` changes, starting from not printable at 0.")
print(f"pub(super) static FLIPS: [u32; {len(flips)}] = [")
for start in range(0, len(flips), 12):
    print("    " + ", ".join(f"{point:#x}" for point in flips[start:start + 12]) + ",")
print("];")
