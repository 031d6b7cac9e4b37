"""
Files that are no text and hide nothing by that: known binary forms, by their name.

The name alone is asked wherever it has an ending: what is named like text and is none is told as not read, since
zero bytes in front of a password would else hide it.
"""

from __future__ import annotations

import re

_ENDINGS = (
    # pictures, sound, film, print, models in space
    "png jpg jpeg jfif gif webp avif heic heif jxl ico icns cur bmp tif tiff tga dds exr hdr xcf psd ai eps sketch fig "
    "icc icm svgz mp3 mp4 m4a m4v mov webm wav ogg opus flac aac aiff mid avi mkv mpg wmv flv swf pdf ps dvi djvu "
    "dng cr2 nef arw blend fbx glb stl "
    # letters
    "woff woff2 ttf ttc otf eot pfb pfm bcmap pcf "
    # archives and packages
    "zip gz tgz bz2 tbz xz txz zst lz4 br 7z rar tar jar war ear aar apk aab ipa whl egg gem nupkg deb rpm dmg iso cab "
    "msi crx xpi vsix textpack "
    # programs and what compilers make
    "class so dll exe dylib wasm pyc pyo pyd o a lib obj pdb bin pack idx mo qm lockb nib snk res resources suo "
    "elf node "
    # papers
    "doc docx xls xlsx xlsb ppt pptx odt ods odp odg epub mobi pages numbers vsdx chm "
    # data
    "db sqlite sqlite3 db-shm db-wal db-journal sqlite-shm sqlite-wal mdb accdb realm rdb dbf ldb sst parquet feather "
    "arrow avro orc npy npz mat rds rda rdata pt pth onnx pkl pickle joblib h5 hdf5 pb tflite ckpt safetensors gguf "
    "tfrecord shp shx sav dta faiss annoy hnsw usearch lance "
    # keys and sealed files
    "kdbx kdb jks keystore p12 pfx gpg der cer crt sig age ds_store"
)
_MAGIC = (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\x1a\x01", b"\x1e\x02")  # programs, terminfo
_NAME = re.compile(r"[^/]*$")


def is_binary(path: str, data: bytes) -> bool:
    """Whether the file at *path* with content *data*, which is no text, is what its name says."""
    name = _NAME.search(path.lower())
    assert name is not None  # the pattern matches any text
    _, dot, ending = name[0].rpartition(".")
    if name[0].startswith("._"):  # what macOS keeps beside a file (AppleDouble), told by its first bytes
        return data.startswith(b"\0\x05\x16\x07")
    return ending in _ENDINGS.split() if dot else data.startswith(_MAGIC)
