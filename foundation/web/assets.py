"""Static files: ours and the packages', under one address that changes when any of them does."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import flask_bootstrap
from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

OURS = Path(__file__).resolve().parent.parent.parent / "static"
BOOTSTRAP = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "css"


SHARED_STYLES = (
    *("tokens", "base", "buttons", "forms", "choices", "bars", "parts", "marks"),
    *("things", "events", "programme", "signup", "ticket", "roads", "gauges", "narrow"),
)


def _files() -> Iterator[tuple[str, bytes]]:
    for path in sorted(OURS.rglob("*")):
        if path.is_file() and path.stem not in SHARED_STYLES:
            yield path.relative_to(OURS).as_posix(), path.read_bytes()
    styles = [BOOTSTRAP / "bootstrap.min.css", *(OURS / f"css/{s}.css" for s in SHARED_STYLES)]
    yield "css/club.css", b"\n".join(path.read_bytes() for path in styles)


def build(folder: Path) -> str:
    """Write and pre-compress all files below `folder`; the release is named by their contents.

    What every page needs of our styles and Bootstrap's comes as one file, css/club.css.
    """
    digest = hashlib.sha256()
    for name, content in _files():
        digest.update(name.encode() + b"\0" + content)
    release = digest.hexdigest()[:12]
    target = folder / release
    if not target.exists():
        draft = folder / f".{release}.{os.getpid()}"
        compressor = Compressor(use_gzip=True, use_brotli=True, quiet=True)
        for name, content in _files():
            copy = draft / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(content)
            if compressor.should_compress(copy.name):
                list(compressor.compress(str(copy)))
        try:
            draft.rename(target)
        except OSError:  # another process was faster
            shutil.rmtree(draft)
    return release


def init_assets(app: Flask, folder: Path) -> None:
    """Serve the files from /static/<release>/…, to be kept by browsers for good."""
    release = build(folder)
    prefix = f"static/{release}"
    noise = WhiteNoise(
        app.wsgi_app,
        immutable_file_test=lambda _path, url: url.startswith(f"/{prefix}/"),
        add_headers_function=lambda headers, _path, _url: headers.add_header(
            "X-Content-Type-Options", "nosniff"
        ),
    )
    noise.add_files(str(folder / release), prefix=prefix)
    app.wsgi_app = noise  # type: ignore[method-assign]
    app.jinja_env.globals["static_url"] = lambda path: f"/{prefix}/{path}"
