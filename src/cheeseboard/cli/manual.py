"""What each command teaches: a paragraph, examples, and the JSON that scripts may rely on; in one place.

``--help``, ``cheeseboard help`` and the man page all print this.
"""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_WIDTH = 88


@dataclass(frozen=True, slots=True)
class Example:
    """A line to type, and what it does."""

    line: str
    does: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """All there is to say of one command.

    Attributes:
        about: A paragraph.
        examples: Two at least.
        events: The JSON lines it prints, by the value of "event": their other keys. Keys are only ever added.
    """

    about: str
    examples: tuple[Example, ...]
    events: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def epilog(self) -> str:
        """The examples, as they stand below a command's help."""
        lines = ["examples:"]
        for example in self.examples:
            lines += [f"  cheeseboard {example.line}".rstrip(), f"      {example.does}"]
        return "\n".join(lines)

    @property
    def description(self) -> str:
        """The paragraph, wrapped."""
        return textwrap.fill(self.about, _WIDTH)


def _lesson(about: str, *examples: tuple[str, str], **events: str) -> Lesson:
    named = {name.replace("_", "-"): keys for name, keys in events.items()}
    return Lesson(about, tuple(Example(line, does) for line, does in examples), MappingProxyType(named))


_OUTCOME = "file project version reason message"
_UNKNOWN = "name suggestions message"
_DECIDED = "file project version reason"
_TRASHED = "id file project version size sha256 removed"

LESSONS: Mapping[str, Lesson] = MappingProxyType(
    {
        "serve": _lesson(
            "Serves the repository over HTTPS until Ctrl-C, on this computer alone unless told "
            "otherwise. It is ready when it prints its address. Packages that are copied into the "
            "folder meanwhile appear in the index within a second or two.",
            ("serve --lan", "let colleagues on the network install from here"),
            ("serve --json --port 0", "for a script: any free port, told in the first line"),
            ready="url upload_url ca ca_sha256",
        ),
        "add": _lesson(
            "Copies wheels and source archives into the repository; the originals stay where they are. "
            "Folders are searched, virtual environments in them passed over. Each file is judged, and "
            "what is damaged, unsafe or not what its name says is refused with the reason. A file that "
            "is here already is never overwritten.",
            ("add dist/", "add what a build has made"),
            ("add --replace acme-1.0-py3-none-any.whl", "take this one; the other goes to the trash"),
            added=_OUTCOME,
            identical=_OUTCOME,
            conflict=_OUTCOME,
            rejected=_OUTCOME,
        ),
        "build": _lesson(
            "Builds source trees (folders with a pyproject.toml or setup.py) in a place of their own, "
            "in an isolated environment, and adds the sdist and wheel that come of it. A build runs "
            "the project's own code on this computer, so it asks first, and nothing of the tree itself "
            "is changed.",
            ("build . --yes", "the project in this directory, without being asked"),
            ("build ~/src/acme-core --wheel", "just the wheel"),
            step="project step",
            not_built="project path reason message",
            added=_OUTCOME,
            identical=_OUTCOME,
            conflict=_OUTCOME,
            rejected=_OUTCOME,
        ),
        "list": _lesson(
            "Lists all projects with the version that an installer would take, or all files of one "
            "project. On a terminal it is a table, piped it is one line each.",
            ("list acme-core", "every file of one project, with its hash"),
            ("list --refused", "what lies in the folder and is not offered, and why"),
            project="project version versions files size summary status reason",
            file="file project version kind size sha256 requires_python upload_time yanked yanked_reason "
            "warnings",
            refused="file reason message",
            unknown=_UNKNOWN,
        ),
        "why": _lesson(
            "Says which file of a project an installer takes on some Python and system, and of each "
            "other one why not: made for something else, too old, yanked, a pre-release. It decides as "
            "pip does, by what is here; other indexes are not asked. Exits with 1 when nothing fits.",
            ("why acme-core", "for this computer and the Python that runs Cheeseboard"),
            ("why 'acme-core<2' --python 3.9 --system windows-amd64", "for a colleague's"),
            verdict="file project version installed reason detail message",
            unknown=_UNKNOWN,
        ),
        "yank": _lesson(
            "A yanked release stays, but installers take it only when somebody pins exactly that "
            "version. This is what to do with a bad release that others may depend on: removing it "
            "would break them.",
            ('yank acme-core==1.4 --reason "loses data"', "a whole release; pip shows the reason"),
            ("yank acme_core-1.4-cp311-cp311-win_amd64.whl", "just one of its files"),
            yanked=_DECIDED,
            unknown=_UNKNOWN,
        ),
        "unyank": _lesson(
            "Takes a yank back: installers choose the release again like any other.",
            ("unyank acme-core==1.4", "a whole release"),
            ("unyank acme-core", "every file of the project"),
            unyanked=_DECIDED,
            unknown=_UNKNOWN,
        ),
        "status": _lesson(
            "A project is active, or its owner says otherwise (PEP 792): archived projects get no more "
            "files, deprecated ones should not be used any more, and quarantined ones are not offered "
            "at all. Installers that know of it tell their users.",
            ('status acme-old deprecated --reason "use acme-core"', "tell people where to go"),
            ("status acme-old", "show it"),
            status="project status reason",
            unknown=_UNKNOWN,
        ),
        "remove": _lesson(
            "Moves files out of the index and into the trash, from where they come back byte for byte, "
            "with their upload times and yanks. Builds that pinned them will fail; `cheeseboard yank` "
            "is gentler.",
            ("remove acme-core==1.4", "a whole release"),
            ("remove acme-core", "every file of the project"),
            removed=_TRASHED,
            unknown=_UNKNOWN,
        ),
        "restore": _lesson(
            "Brings files back from the trash, just as they were. Names are those that `remove` takes, "
            "or a number that `trash list` shows; of several removals of one file the latest is meant.",
            ("restore acme-core==1.4", "a whole release"),
            ("restore 17", "the file that `trash list` shows as 17"),
            restored=_OUTCOME,
            conflict=_OUTCOME,
            rejected=_OUTCOME,
            unknown=_UNKNOWN,
        ),
        "undo": _lesson(
            "Undoes what the last command in this folder added or removed, all of it together: an add, "
            "an import, a remove, a retention. What is undone is not undone twice; --redo does it again.",
            ("undo", "in your own folder"),
            ("undo --redo", "take the undo back"),
            ("undo --folder /srv/packages", "in another one"),
            removed=_TRASHED,
            restored=_OUTCOME,
            conflict=_OUTCOME,
            rejected=_OUTCOME,
        ),
        "trash": _lesson(
            "Shows what was removed, the latest first, or deletes all of it for good. What is in the "
            "trash is kept for 30 days at least, whatever the settings say, unless you empty it.",
            ("trash", "what could still come back"),
            ("trash empty --yes", "delete it for good, without being asked"),
            trashed=_TRASHED,
            emptied="files",
        ),
        "activity": _lesson(
            "Shows what was added, removed, restored, yanked, refused or found changed, the latest first.",
            ("activity --limit 10", "the latest ten acts"),
            ("activity --json", "for a script; one object an act"),
            activity="at act file project way detail",
        ),
        "downloads": _lesson(
            "Shows how often each file was downloaded from here, the most wanted first. Who did is in "
            "the access log, outside the folder.",
            ("downloads --days 30", "in the last month"),
            ("downloads acme-core", "of one project, files that nobody wanted included"),
            downloads="file project version downloads since",
        ),
        "repositories": _lesson(
            "You can have several managed folders. Each is known by a name; one is chosen, and that is "
            "what commands without --folder and the window use. Forgetting a folder leaves its files "
            "alone.",
            ("repositories remember /srv/packages --name Team", "know one more folder"),
            ("repositories choose Team", "use it from now on"),
            repository="name folder open",
            remembered="name folder open",
            forgotten="name folder open",
            chosen="name folder open",
        ),
        "check": _lesson(
            "Reads every file again and holds it against the hash that was recorded, and lets SQLite "
            "check the catalog. A file that changed leaves the index at once and stays where it is; a "
            "missing one leaves it too. Exits with 1 when anything is wrong, so it fits a weekly "
            "timer. Ctrl-C ends it well.",
            ("check", "with a progress bar on a terminal"),
            ("check --json", "for a monitor: findings, then one line that sums up"),
            finding="fault file project version detail message",
            checked="files size findings complete",
        ),
        "doctor": _lesson(
            "Looks at the folder, the server's port, the certificates and the configuration of installers, "
            "lets real installers in use ask where somebody serves, and says each thing that is wrong with "
            "one thing to do about it. It changes nothing. --bundle writes what helps somebody else to "
            "help: versions, settings, states and logs, without keys, tokens, your name and your home "
            "directory. Exits with 1 when anything is wrong.",
            ("doctor", "what is wrong, and what to do"),
            ("doctor --bundle report.txt", "the same, and a file to read and pass on"),
            complaint="subject message action",
            well="",
            server="url served message",
            bundle="file",
        ),
        "retention": _lesson(
            "Shows which files your rules would let go, and why. Nothing goes until you say --apply; "
            "then all goes to the trash together, and `cheeseboard undo` brings it back. Of each "
            "project the N newest releases stay; yanked releases do not count among them, nor pre- "
            "releases beside final ones. What an installer would take today always stays, and archived "
            "and quarantined projects are left alone. Of several rules the one with the most specific "
            "pattern holds. No rule is ever applied by itself.",
            ("retention --keep 5", "what would go if five releases of each project stayed"),
            ('retention --projects "acme-*" --keep 3 --prereleases 30 --save', "keep this rule, and preview"),
            ("retention --apply", "move what the kept rules let go to the trash"),
            would_remove="file project version size reason rule message",
            retention="files size",
            removed=_TRASHED,
            rule="projects keep prereleases",
        ),
        "backup": _lesson(
            "Writes files, catalog (yanks, statuses, upload times, downloads, activity) and the "
            "repository's settings into one file that only you can read. It is of one moment, whatever "
            "is added or removed meanwhile. The trash is left out, and so is the certificate "
            "authority's key unless you ask for it: with it another machine can take this one's place "
            "without anybody trusting a new certificate.",
            ("backup /mnt/nas/packages.tar.zst", "compressed"),
            ("backup --with-authority move.tar", "to move house: handle it like a password"),
            backup="file files size authority",
            left_out="file reason message",
        ),
        "restore-backup": _lesson(
            "Brings a backup back into a folder that is missing or empty, and changes nothing else. "
            "Every file is judged again and held against the catalog before the folder appears; if "
            "anything fails before that, there is no folder. Installers then see the same index as "
            "before.",
            ("restore-backup packages.tar.zst --folder /srv/packages", "into a new folder"),
            ("restore-backup move.tar --with-authority", "on a new machine, as your own folder"),
            restored_backup="folder name files authority",
            left_out="file reason message",
            rejected=_OUTCOME,
        ),
        "import": _lesson(
            "Takes over what another package server keeps: a pypiserver directory, a devpi export "
            "(made with devpi-export), a bandersnatch mirror, or a plain folder. It finds out which, "
            "says so, and takes every file through the same door as any other. Upload times, yanks and "
            "project statuses come along where the source has them. Nothing of it is changed, and one "
            "`cheeseboard undo` takes all of it back.",
            ("import ./devpi-export --index root/prod", "one index of a devpi"),
            ("import /var/lib/pypiserver --from pypiserver", "with the files' own times as upload times"),
            ("import /srv/mirror --dry-run", "just say what is there"),
            found="source files with_times yanked indexes missing",
            imported="source added yanked refused missing",
            added=_OUTCOME,
            identical=_OUTCOME,
            conflict=_OUTCOME,
            rejected=_OUTCOME,
        ),
        "settings": _lesson(
            "Shows your preferences, or sets one; they are those of the window. Changed ones are marked.",
            ("settings", "all of them"),
            ("settings set trash_days 180", "keep removed files for half a year"),
            setting="name value default",
        ),
        "use": _lesson(
            "Tells an installer on this computer of this repository, by changing its own "
            "configuration: the change is shown with --dry-run, and undone to the byte with "
            "`cheeseboard unuse`. For tools that have no such configuration it prints the lines to "
            "paste. A token that the tool needs is kept in a file that only you can read (netrc, "
            ".pypirc, uv's store), never in pip.conf; with --secret keyring, pip, uv and twine find it "
            "in your keyring instead.",
            ("use pip --dry-run", "show what would change in pip.conf"),
            ("use twine --secret keyring", "the token goes into your keyring, into no file"),
            ("use uv --as first", "uv looks here before it looks elsewhere"),
            used="tool file url mode diff cautions keyring undo",
            planned="tool file url mode diff cautions keyring",
            unchanged="tool url",
            paste="tool where lines",
        ),
        "unuse": _lesson(
            "Undoes what `cheeseboard use` wrote. A file that nobody changed since is as it was "
            "before, byte for byte; else only our entries leave.",
            ("unuse pip", "pip forgets this repository"),
            ("unuse uv --json", "for a script; tells each file and whether it is exactly as before"),
            undone="tool file exact keyring token",
        ),
        "prove": _lesson(
            "Lets the real installers ask this repository, each with its own configuration, and says "
            "why one fails and what to do.",
            ("prove", "every installer that was told of this repository"),
            ("prove pip", "this one alone"),
            proof="tool label cause message action",
        ),
        "join-line": _lesson(
            "Prints one line for a colleague. They paste it into a terminal (sh, PowerShell or cmd), "
            "and their pip and uv look here over verified HTTPS; --undo behind it takes all back. Send "
            "it over a channel that you both trust, such as your chat, since the line proves the "
            "certificate. The repository has to be served on the network, by the window or by `serve "
            "--lan`.",
            ("join-line", "for a colleague on Linux or macOS"),
            ("join-line --windows", "where Python is called py"),
            ("join-line --once", "for one install that changes none of their configuration"),
            join_line="line undo",
            once="fetch install",
        ),
        "address": _lesson(
            "Shows the addresses by which colleagues reach this repository, and whether it answers "
            "there now, or puts one in front. A name outlives an address that a router gave. A server "
            "that runs already shows the choice from its next start on.",
            ("address", "what there is"),
            ("address ada-laptop.local", "show this one first"),
            ("address --likeliest", "let Cheeseboard choose again"),
            address="host url label answers chosen",
        ),
        "neighbours": _lesson(
            "Lists the repositories that others announce on this network. What they say of themselves "
            "is not verified: ask their owner for the join line, or compare the fingerprint over "
            "another channel.",
            ("neighbours", "listen for a few seconds"),
            ("neighbours --seconds 15 --json", "listen longer, for a script"),
            neighbour="name url computer addresses ca_sha256",
        ),
        "trust": _lesson(
            "The repository's certificate is signed by an authority of your own, which can sign for "
            "private names and addresses only. Here you see it, hand it to others, or let this "
            "computer's trust stores know it.",
            ("trust export ca.pem", "the certificate, for a colleague or a container"),
            ("trust bundle all.pem", "with the public ones, for `pip --cert` and SSL_CERT_FILE"),
            ("trust install", "browsers and programs on this computer accept it"),
            authority="ca ca_sha256",
            store="store label trusted needs_administrator",
            exported="file ca_sha256",
            bundle="file ca_sha256",
            trust="store done message",
            removed="",
        ),
        "token": _lesson(
            "A token lets somebody publish, or read where not everybody may. It is shown once and only "
            "its hash is kept; installers and uploaders give it as the password, with __token__ as the "
            "user name.",
            ("token create ci --scope publish --project acme-core", "for a build server, for one project"),
            ("token reading token", "from now on reading needs one, too"),
            token="id name scope projects created expires last_used; create: token user",  # noqa: S106  # names of keys
            revoked="id name",
            reading="reading",
        ),
        "completion": _lesson(
            "Prints what makes your shell complete commands, options, projects and files at the Tab "
            "key. It asks the folder for names, so it knows what you have.",
            ("completion bash >> ~/.bashrc", "for bash; open a new terminal afterwards"),
            ("completion fish > ~/.config/fish/completions/cheeseboard.fish", "for fish"),
            ('completion zsh > "${fpath[1]}/_cheeseboard"', "for zsh"),
            completion="shell script",
        ),
        "help": _lesson(
            "Explains a command, or shows what there is. `cheeseboard help json` lists the JSON lines "
            "of every command and their keys.",
            ("help retention", "the same as: cheeseboard retention --help"),
            ("help json", "what scripts may rely on"),
            help="command text",
        ),
    }
)


def json_page() -> str:
    """Return the reference of what ``--json`` prints."""
    lines = [
        'With --json every line on stdout is one JSON object. Its key "event" says what it is; the other',
        "keys are below. Keys are added now and then, and never change or go. Times are UTC, sizes bytes.",
    ]
    for name, lesson in LESSONS.items():
        if lesson.events:
            lines += ["", name]
            lines += [f"  {event}: {keys or '(nothing else)'}" for event, keys in lesson.events.items()]
    return "\n".join(lines)
