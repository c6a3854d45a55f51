# shellcheck shell=bash
# Completion for bash. Commands and options are those that `azdal --help` and `azdal COMMAND --help` print,
# which come from the program's own table.

_azdal()
{
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local program=${COMP_WORDS[0]} command=${COMP_WORDS[1]} values=

    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        values=$("$program" --help 2>/dev/null |
            sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p; /^Options:/,/^$/s/^  .*\(--[a-z-]*\).*/\1/p')
        mapfile -t COMPREPLY < <(compgen -W "$values" -- "$current")
        return
    fi
    case $command$previous in
    *--scope) values='tenant mg:* sub:* all' ;;
    *--cloud) values='public usgov china bleu delos' ;;
    *--split) values='none day' ;;
    *--progress) values='auto bar json none' ;;
    scan--format) values='table ndjson csv records' ;;
    cat--format) values='ndjson json columns csv' ;;
    trace--format) values='table ndjson csv' ;;
    *--min-severity) values='informational low medium high critical' ;;
    esac
    if [ -n "$values" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$values" -- "$current")
    elif [[ $current == -* ]]; then
        values=$("$program" "$command" --help 2>/dev/null | sed -n 's/^  \(-h, \)\{0,1\}\(--[a-z-]*\).*/\2/p')
        mapfile -t COMPREPLY < <(compgen -W "$values" -- "$current")
    fi
}

complete -o default -o filenames -F _azdal azdal
