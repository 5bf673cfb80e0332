"""Other people's programs on files: what they say of them. A program that fails, crashes or says nothing has checked nothing."""

import subprocess
import sys
from pathlib import Path

# What dciodvfy says that a file is, by the beginnings of its name.
KINDS = {"report.": "Comprehensive3DSR", "picture.": "SCImage"}

absent = set()


def tool(name, *arguments):
    """What a program beside this interpreter says; nothing where it is absent, which `cargo xtask` tells at its end."""
    program = Path(sys.executable).parent / name
    if not program.exists():
        if name not in absent:
            print(f"skipped: {name}: it is not in {program.parent}")
        absent.add(name)
        return None
    ran = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)
    said = ran.stdout + ran.stderr
    line = " ".join([name, *map(str, arguments)])
    assert ran.returncode == 0, f"`{line}` ended with {ran.returncode}: {said}"
    assert said.strip(), f"`{line}` said nothing"
    return said


def validated(path):
    """Fails where dciodvfy finds an error in a DICOM file, or takes it for something else than it is."""
    said = tool("dciodvfy", path)
    if said is None:
        return
    kind = next((kind for name, kind in KINDS.items() if path.name.startswith(name)), "Segmentation")
    assert "Error" not in said and kind in said, f"{path}: {said}"
