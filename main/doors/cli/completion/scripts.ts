/** What a shell loads. All of them hand the line up to the cursor to `tare complete`, so that a new command or option is known at once. */

const bash = `# completion of tare for bash; made by: tare completion bash
_tare() {
  local line=\${COMP_LINE:0:COMP_POINT} value about word before
  COMPREPLY=()
  # bash takes a word apart at = and :, and wants the last part alone
  word=\${line##*[[:space:]]}
  before=\${word%"\${word##*[=:]}"}
  while IFS=$'\\t' read -r value about; do
    case $value in
      :files) compopt -o default 2>/dev/null ;;
      :folders) compopt -o dirnames 2>/dev/null ;;
      *) COMPREPLY+=("\${value#"$before"}") ;;
    esac
  done < <("\${1/#\\~/$HOME}" complete -- "$line" 2>/dev/null)
  compopt -o nosort 2>/dev/null
}
complete -F _tare tare
`;

const zsh = `#compdef tare
# completion of tare for zsh; made by: tare completion zsh
_tare() {
  local line value about
  local -a found
  line="\${(j: :)words[1,CURRENT-1]} \$PREFIX"
  while IFS=$'\\t' read -r value about; do
    case $value in
      :files) compset -P '--*='; _files; return ;;
      :folders) compset -P '--*='; _files -/; return ;;
      *) found+=("\${value//:/\\\\:}\${about:+:$about}") ;;
    esac
  done < <("\${words[1]/#\\~/$HOME}" complete -- "$line" 2>/dev/null)
  _describe -V tare found
}
if [ "$funcstack[1]" = _tare ]; then _tare "$@"; else compdef _tare tare; fi
`;

const fish = `# completion of tare for fish; made by: tare completion fish
function __tare_complete
    set -l line (commandline -cp | string collect)
    for found in (tare complete -- "$line" 2>/dev/null)
        switch $found
            case :files
                __fish_complete_path (commandline -ct)
            case :folders
                __fish_complete_directories (commandline -ct)
            case '*'
                echo $found
        end
    end
end
complete -c tare -f -k -a '(__tare_complete)'
`;

export const scripts = { bash, zsh, fish };
export type Shell = keyof typeof scripts;
export const shells = Object.keys(scripts) as Shell[];
