from tests.postbox import _catcher, postbox

__all__ = ["_catcher", "postbox"]
