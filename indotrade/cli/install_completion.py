"""Installs what a shell needs to complete, and shows it: the scripts for bash, zsh and fish."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import typer
from typer import _completion_shared as shared

from indotrade import stream
from indotrade.cli.shells import POWERSHELLS, SHELLS
from indotrade.errors import Message, NotFound, Refused, reason
from indotrade.text.escape import visible
from indotrade.wording.sentences import told

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
SCRIPTS = dict(zip(SHELLS, (BASH, ZSH, FISH), strict=True))


def prepare(params: Iterable[Any]) -> None:
    """Let Typer's options show and install these scripts, and tell what was installed as all else is told."""
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
