"""Which user of the operating system the embedded server runs as, and how root becomes that user.

PostgreSQL refuses to run as root (https://www.postgresql.org/docs/18/creating-cluster.html), so root
gives the server to the owner of the data directory, or to a system user of its own.
"""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

from db.embedded.server import binaries
from db.errors import ConfigurationError

SYSTEM_USER = "masthead"


def home_of(data_dir: Path) -> Path:
    """The server's own folder in `data_dir`: private (0700) and of the user that the server runs as.

    Raises ConfigurationError when it cannot be made or belongs to somebody else.
    """
    home = data_dir.absolute() / "postgres"
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() == home.stat().st_uid == 0:
            os.chown(home, *_owner_for(data_dir))
        owner = home.stat().st_uid
    except OSError as error:
        raise ConfigurationError(f"data directory {data_dir}: {error.strerror}") from error
    if os.geteuid() not in {0, owner}:
        raise ConfigurationError(f"{home} belongs to {_name(owner)}, not to {_name(os.geteuid())}")
    return home


def privileges(home: Path) -> list[str]:
    """The command prefix that turns root into the owner of `home`; nothing for every other user.

    When files that the server needs lie where that user may not pass (a checkout under /root), it
    keeps the one capability to pass. `access(2)` heeds it only without the set-uid fixup
    (capabilities(7)), and PostgreSQL asks `access` whether it may run its own program.
    """
    if os.geteuid() != 0:
        return []
    owner = home.stat()
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise ConfigurationError(
            "PostgreSQL does not run as root, and setpriv (util-linux) is not there to change the "
            "user: run as an ordinary user, or set DATABASE_URL"
        )
    user = [f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups"]
    passage = [
        "--inh-caps=+dac_override",
        "--ambient-caps=+dac_override",
        "--securebits=+no_setuid_fixup",
    ]
    return [setpriv, *user, *([] if _open_to_all(home) else passage), "--"]


def _owner_for(data_dir: Path) -> tuple[int, int]:
    """The user and group that root gives a new folder to."""
    owner = data_dir.stat()
    if owner.st_uid != 0:
        return owner.st_uid, owner.st_gid
    user = _system_user()
    return user.pw_uid, user.pw_gid


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return _add_system_user()


def _add_system_user() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--no-create-home", "--user-group", SYSTEM_USER]
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - constant
    except (OSError, subprocess.CalledProcessError) as error:
        raise ConfigurationError(
            f"PostgreSQL does not run as root, and the user {SYSTEM_USER!r} for it cannot be added: "
            "run as an ordinary user, or set DATABASE_URL"
        ) from error
    return pwd.getpwnam(SYSTEM_USER)


def _open_to_all(home: Path) -> bool:
    """Whether any user may reach the interpreter, our modules, PostgreSQL and the data directory."""
    interpreter = Path(sys.executable).absolute()
    files = [interpreter, interpreter.resolve(), binaries() / "postgres", Path(__file__)]
    folders = {folder for path in [*files, home] for folder in path.parents}
    return all(path.stat().st_mode & 0o004 for path in files) and all(
        folder.stat().st_mode & 0o001 for folder in folders
    )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
