"""A property that is worked out when it is first asked for, and once."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    lazy = cached_property
else:

    class lazy(cached_property):
        """`functools.cached_property` without the lock that it has until Python 3.12. All instances
        of a class share that one: a host whose reading hangs would stop the others."""

        def __get__(self, instance: Any, owner: Any = None) -> Any:
            if instance is None:
                return self
            values = instance.__dict__
            if self.attrname not in values:
                values[self.attrname] = self.func(instance)
            return values[self.attrname]
