# wasi-kit's completion for bash. In ~/.bashrc: eval "$(wasi-kit completion bash)"
_wasi_kit() {
  local line
  COMPREPLY=()
  # A word and what it means, separated by a tab.
  while IFS= read -r line; do
    COMPREPLY+=("${line%%$'\t'*}")
  done < <(wasi-kit --complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
# So that --trace=json is one word, as it is to wasi-kit.
COMP_WORDBREAKS=${COMP_WORDBREAKS//=/}
# bash completes files if there is no answer.
complete -o bashdefault -o default -F _wasi_kit wasi-kit
