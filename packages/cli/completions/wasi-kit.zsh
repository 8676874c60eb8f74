#compdef wasi-kit
# wasi-kit's completion for zsh. In ~/.zshrc, after compinit: eval "$(wasi-kit completion zsh)"
_wasi_kit() {
  local -a found
  # A word and what it means, separated by a tab.
  found=("${(@f)$(wasi-kit --complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -z $found[1] ]]; then
    _files
    return
  fi
  # _describe separates them with a colon.
  found=("${(@)found//:/\\:}")
  found=("${(@)found/$'\t'/:}")
  _describe wasi-kit found
}
compdef _wasi_kit wasi-kit
