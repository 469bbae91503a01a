"""Writes the lines of a file in another order, the same on every machine.

usage: shuffle_lines.py FROM TO
"""
# SPDX-License-Identifier: Apache-2.0
import os
import random
import sys

with open(sys.argv[1], "rb") as file:
    lines = file.readlines()
random.Random(1).shuffle(lines)
with open(sys.argv[2] + ".part", "wb") as file:
    file.writelines(lines)
os.replace(sys.argv[2] + ".part", sys.argv[2])
