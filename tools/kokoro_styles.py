"""Write `src/langdu/data/kokoro/styles.npz`: how each Mandarin speaker of Kokoro-82M sounds.

Run: npm pack kokoro-js@1.2.1
     python tools/kokoro_styles.py kokoro-js-1.2.1.tgz

A speaker has 510 vectors of 256 numbers; an utterance of n phonemes takes the nth. They are kept in half precision.
"""

from __future__ import annotations

import hashlib
import sys
import tarfile
from pathlib import Path

import numpy as np

TARGET = Path(__file__).parents[1] / "src" / "langdu" / "data" / "kokoro" / "styles.npz"
SHA256 = "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860"
# Without zf_xiaoni, who speaks the tones of Shaanxi.
SPEAKERS = ("zf_xiaobei", "zf_xiaoxiao", "zf_xiaoyi", "zm_yunjian", "zm_yunxi", "zm_yunxia", "zm_yunyang")


def main() -> None:
    """Read the package, check it, write the table."""
    package = Path(sys.argv[1])
    if hashlib.sha256(package.read_bytes()).hexdigest() != SHA256:
        sys.exit(f"{package} is another file than the one this script was written for")
    styles = {}
    with tarfile.open(package) as archive:
        for speaker in SPEAKERS:
            file = archive.extractfile(f"package/voices/{speaker}.bin")
            if file is None:
                sys.exit(f"{package} has no voice {speaker}")
            styles[speaker] = np.frombuffer(file.read(), np.float32).reshape(510, 256).astype(np.float16)
    np.savez_compressed(TARGET, **styles)
    print(f"{TARGET}: {len(styles)} speakers, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
