export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What the scripts ask for the words; not shown in the help. */
export const COMPLETE_COMMAND = '__complete';
/** Printed instead of words where the shell is to offer its own. */
export const FILES = ':files';
export const DIRECTORIES = ':directories';

/** The script that makes a shell complete the words of `katydid`. It asks the command for them each time. */
export const COMPLETION_SCRIPTS: Record<Shell, string> = {
  bash: `
# Words of katydid for bash. In ~/.bashrc: source <(katydid completion bash)
_katydid() {
  local cur words=() line
  # COMP_WORDBREAKS splits at "=" and ":"; what was typed is split at blanks alone.
  read -r -a words <<< "\${COMP_LINE:0:COMP_POINT}"
  [[ "\${COMP_LINE:0:COMP_POINT}" == *[[:space:]] ]] && words+=("")
  cur="\${words[-1]}"
  COMPREPLY=()
  while IFS= read -r line; do
    case "$line" in
      ${FILES}) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "\${cur#*=}"); return ;;
      ${DIRECTORIES}) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "\${cur#*=}"); return ;;
      *) COMPREPLY+=("\${line#"\${cur%"\${COMP_WORDS[COMP_CWORD]}"}"}") ;;
    esac
  done < <("\${words[0]}" ${COMPLETE_COMMAND} -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _katydid katydid
`,
  zsh: `
#compdef katydid
# Words of katydid for zsh. In ~/.zshrc, after compinit: source <(katydid completion zsh)
_katydid() {
  local -a answer
  answer=("\${(@f)$("\${words[1]}" ${COMPLETE_COMMAND} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  case "\${answer[1]}" in
    ${FILES}) _files ;;
    ${DIRECTORIES}) _files -/ ;;
    '') return 1 ;;
    *) compadd -- "\${answer[@]}" ;;
  esac
}
compdef _katydid katydid
`,
  fish: `
# Words of katydid for fish. In ~/.config/fish/config.fish: katydid completion fish | source
function __katydid_words
  set -l words (commandline -opc)
  set -l answer ($words[1] ${COMPLETE_COMMAND} -- $words[2..-1] (commandline -ct) 2>/dev/null)
  switch "$answer[1]"
    case ${FILES}
      __fish_complete_path (commandline -ct)
    case ${DIRECTORIES}
      __fish_complete_directories (commandline -ct)
    case '*'
      printf '%s\\n' $answer
  end
end
complete -c katydid -f -a '(__katydid_words)'
`,
};
