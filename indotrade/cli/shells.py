"""How a shell asks what can stand at the cursor: the scripts for bash, zsh and fish, and how it is understood and answered."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from indotrade.errors import Message, NotFound, Refused, reason
from indotrade.text.escape import visible
from indotrade.wording.sentences import told

FILES = 9
"""The exit code by which a shell is told to offer files, and not what is printed."""

BASH = """\
_indotrade_completion() {
    local IFS=$'\\n' reply status
    reply=$(env COMP_WORDS="${COMP_WORDS[*]:0:COMP_CWORD+1}" COMP_CWORD="$COMP_CWORD" \\
        _INDOTRADE_COMPLETE=complete_bash "$1" 2>/dev/null)
    status=$?
    COMPREPLY=()
    if (( status == 9 )); then
        compopt -o default
    elif [[ -n $reply ]]; then
        COMPREPLY=($reply)
    fi
}
complete -F _indotrade_completion indotrade
"""
ZSH = """\
#compdef indotrade
_indotrade_completion() {
    local reply line
    local -a values shown how
    reply=$(env _TYPER_COMPLETE_ARGS="${(F)words[1,CURRENT]}" _INDOTRADE_COMPLETE=complete_zsh indotrade 2>/dev/null)
    if (( $? == 9 )); then
        compset -P '--*='
        _files
        return
    fi
    for line in ${(f)reply}; do
        values+=("${line%%$'\\t'*}")
        shown+=("${line/$'\\t'/  -- }")
    done
    (( $#values )) || return 1
    compset -P '--*='
    if [[ $reply == *$'\\t'* ]]; then
        how=(-l -d shown)
    fi
    # Names that do not begin with the letters that were typed: one is put in their place, several are only listed.
    if [[ -n ${values:#${(b)${(Q)PREFIX}}*} ]]; then
        how+=(-U -i "$IPREFIX")
        if (( $#values > 1 )); then
            compstate[insert]=''
            compstate[list]='list force'
        fi
    fi
    compadd "${how[@]}" -a values
}
if [[ $funcstack[1] == _indotrade ]]; then
    _indotrade_completion "$@"
else
    compdef _indotrade_completion indotrade
fi
"""
FISH = """\
function __indotrade_completion
    set -l reply (env _TYPER_COMPLETE_ARGS=(commandline -cp | string collect) \\
        _INDOTRADE_COMPLETE=complete_fish indotrade 2>/dev/null)
    if test $status -eq 9
        set -l option (string match -r -- '^--[^=]*=' (commandline -ct))
        for path in (__fish_complete_path (string replace -r -- '^--[^=]*=' '' (commandline -ct)))
            echo "$option$path"
        end
    else
        printf '%s\\n' $reply
    end
end
complete --command indotrade --no-files --arguments '(__indotrade_completion)'
"""
SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}
POWERSHELLS = ("powershell", "pwsh")
"""Their script is Typer's."""


class Line(NamedTuple):
    """A command line as far as the cursor."""

    args: list[str]
    """The words before the cursor's."""
    incomplete: str
    """The word at the cursor, as far as it is typed, without its quotation mark."""
    quote: str = ""
    """The quotation mark that is open at the cursor."""
    split: bool = False
    """Whether the shell takes what stands behind the sign of equality for a word of its own."""


Offer = tuple[str, str]
"""What can stand at the cursor, and what it means."""


def line_of(shell: str) -> Line:
    """Return the line that a shell asks about, from its variables. Raises KeyError and ValueError for those of none."""
    if shell in POWERSHELLS:
        raw = _words(os.environ["_TYPER_COMPLETE_ARGS"].rstrip())
        return _line([*raw[1:], *([] if os.environ.get("_TYPER_COMPLETE_WORD_TO_COMPLETE") else [""])])
    if shell != "bash":
        text = os.environ["_TYPER_COMPLETE_ARGS"]
        raw = text.split("\n") if "\n" in text else _words(text)
        return _line(raw[1:])
    text, place = os.environ["COMP_WORDS"], int(os.environ["COMP_CWORD"])
    if "\n" not in text:
        words = _words(text)
        return _line([*words, ""][1 : place + 1] if place < len(words) else [*words[1:], ""])
    joined: list[str] = []
    split = False
    for word in text.split("\n")[1 : place + 1]:
        split = word == "=" or (bool(joined) and joined[-1].endswith("=") and joined[-1].startswith("--"))
        if split:
            joined[-1] += word
        else:
            joined.append(word)
    return _line(joined)._replace(split=split)


def _words(text: str) -> list[str]:
    """Return the words of a line as they are typed, each with its quotation marks; the last may be empty."""
    words = re.findall(r"""(?:[^\s"'\\]|\\.?|"(?:[^"\\]|\\.)*(?:"|$)|'[^']*(?:'|$))+""", text, re.DOTALL)
    return (
        [*words, ""]
        if not text or (text[-1:].isspace() and not (words and text.endswith(words[-1])))
        else words
    )


def _line(raw: Sequence[str]) -> Line:
    *before, last = raw or [""]
    word, quote = _bare(last)
    return Line([_bare(each)[0] for each in before], word, quote)


def _bare(raw: str) -> tuple[str, str]:
    """Return a word without its quotation marks and backslashes, and the mark that is still open at its end."""
    bare, quote, place = "", "", 0
    while place < len(raw):
        letter = raw[place]
        if letter == "\\" and quote != "'":
            bare += raw[place + 1 : place + 2]
            place += 1
        elif letter == quote or (not quote and letter in "\"'"):
            quote = "" if quote else letter
        else:
            bare += letter
        place += 1
    return bare, quote


def answer(shell: str, line: Line, offers: Sequence[Offer]) -> str:
    """Return what a shell is told: an offer a line, in zsh and fish with what it means behind a tab."""
    option = re.match("--[^=]*=", line.incomplete)
    head = (
        option[0] if (option and shell == "fish") or (option and shell == "bash" and not line.split) else ""
    )
    if shell == "bash":
        return "".join(f"{head}{_escaped(value, line.quote)}\n" for value, _ in offers)
    if shell in POWERSHELLS:
        quoted = ((f"'{value}'" if " " in value else value, means) for value, means in offers)
        return "".join(f"{value}:::{means or ' '}\n" for value, means in quoted)
    return "".join(f"{head}{value}" + (f"\t{means}" if means else "") + "\n" for value, means in offers)


def _escaped(value: str, quote: str) -> str:
    """Return a value as bash takes it into its line; in quotation marks there is nothing to escape in what is offered."""
    return value if quote else re.sub(r"([^\w./=,-])", r"\\\1", value)


Ask = Callable[[Line], Sequence[Offer] | None]
"""Returns what can stand at the cursor; None where that is a file."""


def tell(ask: Ask, variable: str) -> int:
    """Answer a shell on standard output; return the exit code: `FILES` where a file is asked for."""
    from indotrade import stream

    shell = os.environ[variable].partition("_")[2]
    if shell not in (*SCRIPTS, *POWERSHELLS):
        return 1
    line = line_of(shell)
    offers = ask(line)
    if offers is None:
        return FILES
    stream.deliver([answer(shell, line, offers)])
    return 0


# --- the scripts -------------------------------------------------------------------------------------


def prepare(params: Iterable[Any]) -> None:
    """Let Typer's options show and install these scripts, and tell what was installed as all else is told."""
    from typer import _completion_shared as shared

    shared._completion_scripts.update(  # noqa: SLF001 - there is no option for it
        {shell: script.replace("%", "%%") for shell, script in SCRIPTS.items()}
    )
    for param in params:
        if param.name == "install_completion":
            param.callback = _install


def _install(ctx: Any, _param: Any, value: Any) -> Any:
    """Install the script of the shell in which this is typed. Raises NotFound where it is none that completes."""
    if not value or ctx.resilient_parsing:
        return value
    import typer
    from typer import _completion_shared as shared

    from indotrade import stream

    shell = value if isinstance(value, str) else shared._get_shell_name()  # noqa: SLF001 - nor for this
    if shell not in (*SCRIPTS, *POWERSHELLS):
        known = ", ".join(SCRIPTS)
        raise NotFound(
            Message(
                "there is a completion for {shells}, and not for {shell}", shells=known, shell=shell or "?"
            ),
            Message("type it in the shell itself"),
        )
    try:
        _, path = shared.install(shell=shell, prog_name="indotrade")
    except OSError as error:
        raise Refused(Message("cannot write {path}: {why}", path=error.filename, why=reason(error))) from None
    done = Message("completion for {shell} is in {path}: it works in the next shell", shell=shell, path=path)
    stream.deliver([f"{visible(told(done, ctx.obj.language))}\n"])
    raise typer.Exit
