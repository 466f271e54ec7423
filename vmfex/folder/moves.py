"""Moving files over nothing, and so that they stay where they are when the power goes."""

import errno
import os
import shutil
from pathlib import Path

from vmfex.errors import UsageError


def is_folder(path: Path) -> bool:
    """Whether it is a directory itself, and no link to one."""
    return path.is_dir() and not path.is_symlink()


def put(source: Path, target: Path) -> None:
    """Moves a file or directory to a name that nothing has. Raises OSError."""
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    source.rename(target)


def keep(source: Path, target: Path) -> None:
    """Gives a file a second name, which nothing has. Raises OSError."""
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        part = target.with_name(f"{target.name}.part")
        shutil.copyfile(source, part, follow_symlinks=False)
        put(part, target)


def remove(path: Path) -> None:
    """Takes away a file or a directory with all that is in it; links are not followed. What is not
    there is no error. Raises OSError."""
    if is_folder(path):
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def sync(*folders: Path) -> None:
    """Has the names in these directories written to disk, where the file system can do that."""
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):
                raise
        finally:
            os.close(descriptor)


def refused(out: Path, error: OSError) -> UsageError:
    """Why no reports can go to the folder, in one sentence."""
    return UsageError(f"reports cannot go to {out}: {error.strerror or error}")
