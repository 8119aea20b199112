package dns

import (
	"bufio"
	"os"
	"strconv"
	"strings"
)

// serviceName is what /etc/services calls a TCP port; the number itself when it has no name.
func serviceName(port int) string {
	want := strconv.Itoa(port) + "/tcp"
	f, err := os.Open("/etc/services")
	if err == nil {
		defer f.Close()
		for s := bufio.NewScanner(f); s.Scan(); {
			line, _, _ := strings.Cut(s.Text(), "#")
			if fields := strings.Fields(line); len(fields) >= 2 && fields[1] == want {
				return fields[0]
			}
		}
	}
	switch port { // systems without the file
	case 22:
		return "ssh"
	case 80:
		return "http"
	case 443:
		return "https"
	}
	return strconv.Itoa(port)
}
