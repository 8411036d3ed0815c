"""The checksums of the two networks of others, as shipped and as the page takes them.

In: ``data/models``.  Out: what its datasheet says, printed.
"""

from labkit.app.site.match.derive import DERIVED, derived
from labkit.base.files import sha256
from labkit.matchers.yunet import model

if __name__ == "__main__":
    for name in DERIVED:
        content = derived(name)
        print(f"{name}\n  {sha256(model(name).tobytes())}  as shipped")
        print(f"  {sha256(content)}  as the page takes it, {len(content):,} bytes")
