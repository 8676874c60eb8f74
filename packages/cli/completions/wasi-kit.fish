# wasi-kit's completion for fish. In ~/.config/fish/config.fish: wasi-kit completion fish | source
function __wasi_kit_complete
    set -l typed (commandline -ct)
    set -l words (commandline -opc)
    # A word and what it means, separated by a tab, as fish wants it.
    set -l found (wasi-kit --complete $words[2..] "$typed" 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path "$typed"
    end
end
complete -c wasi-kit -f -a '(__wasi_kit_complete)'
