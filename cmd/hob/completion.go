package main

import (
	"slices"
	"strings"
)

// completion is what --completion-bash prints, to be sourced by bash: the options, for the names that Node's scripts
// complete and for hob.
func completion() string {
	var names []string
	for name, o := range options {
		if o.kind != missing && o.kind != past {
			names = append(names, name)
		}
	}
	for name := range aliases {
		names = append(names, name)
	}
	slices.Sort(names)
	return `_node_complete() {
  local cur_word options
  cur_word="${COMP_WORDS[COMP_CWORD]}"
  if [[ "${cur_word}" == -* ]] ; then
    COMPREPLY=( $(compgen -W '` + strings.Join(names, " ") + `' -- "${cur_word}") )
    return 0
  else
    COMPREPLY=( $(compgen -f "${cur_word}") )
    return 0
  fi
}
complete -o filenames -o nospace -o bashdefault -F _node_complete node node_g hob
`
}
