// Package os is the Go half of node:os: what the system says of itself.
package os

import (
	"bufio"
	"net"
	goos "os"
	"os/user"
	"runtime"
	"strconv"
	"strings"

	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

// Natives is the table that the files of builtin/os see as `native`.
func Natives(rt *host.Runtime) host.Natives {
	m := &module{rt: rt}
	return host.Natives{
		"availableParallelism": func(c *v8.Call) { c.ReturnInt(runtime.NumCPU()) },
		"cpus":                 cpus,
		"freemem":              func(c *v8.Call) { c.ReturnFloat(memInfo("MemAvailable:")) },
		"getPriority":          getPriority,
		"homedir":              m.homedir,
		"hostname":             hostname,
		"loadavg":              loadavg,
		"networkInterfaces":    networkInterfaces,
		"setPriority":          setPriority,
		"totalmem":             func(c *v8.Call) { c.ReturnFloat(memInfo("MemTotal:")) },
		"uname":                uname,
		"uptime":               uptime,
		"userInfo":             userInfo,
	}
}

type module struct{ rt *host.Runtime }

// memInfo is a line of /proc/meminfo, in bytes.
func memInfo(key string) float64 {
	b, _ := goos.ReadFile("/proc/meminfo")
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, key); ok {
			if f := strings.Fields(rest); len(f) > 0 {
				n, _ := strconv.ParseFloat(f[0], 64)
				return n * 1024
			}
		}
	}
	return 0
}

// cpus() -> [model, MHz, user, nice, sys, idle, irq, ...], times in ms
func cpus(c *v8.Call) {
	f, err := goos.Open("/proc/stat")
	if err != nil {
		c.Return(v8.Array())
		return
	}
	defer f.Close()
	models, speeds := cpuInfo()
	var list []v8.Value
	n := 0
	scan := bufio.NewScanner(f)
	for scan.Scan() {
		fields := strings.Fields(scan.Text())
		if len(fields) < 7 || !strings.HasPrefix(fields[0], "cpu") || fields[0] == "cpu" {
			continue
		}
		at := func(s []string) string {
			if n < len(s) {
				return s[n]
			}
			return ""
		}
		model := at(models)
		if model == "" {
			model = "unknown"
		}
		mhz, _ := strconv.ParseFloat(at(speeds), 64)
		list = append(list, v8.String(model), v8.Int(int(mhz)))
		for _, i := range []int{1, 2, 3, 4, 6} { // user nice system idle iowait irq, in hundredths of a second
			ticks, _ := strconv.ParseInt(fields[i], 10, 64)
			list = append(list, v8.Float(float64(ticks*10)))
		}
		n++
	}
	c.Return(v8.Array(list...))
}

func cpuInfo() (models, speeds []string) {
	b, _ := goos.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(b)) {
		k, v, _ := strings.Cut(line, ":")
		switch strings.TrimSpace(k) {
		case "model name":
			models = append(models, strings.TrimSpace(v))
		case "cpu MHz":
			speeds = append(speeds, strings.TrimSpace(v))
		}
	}
	return models, speeds
}

// errno is the negative number of an error, as libuv has it.
func errno(err error) int {
	if e, ok := err.(unix.Errno); ok {
		return -int(e)
	}
	return -int(unix.EINVAL)
}

// getPriority(pid) -> nice value, or an errno behind 1000: -1003 is ESRCH
func getPriority(c *v8.Call) {
	p, err := unix.Getpriority(unix.PRIO_PROCESS, c.Int(0))
	if err != nil {
		c.ReturnInt(errno(err) - 1000)
		return
	}
	c.ReturnInt(20 - p) // the kernel's own answer is 1 to 40
}

// setPriority(pid, nice) -> 0 or a negative errno
func setPriority(c *v8.Call) {
	if err := unix.Setpriority(unix.PRIO_PROCESS, c.Int(0), c.Int(1)); err != nil {
		c.ReturnInt(errno(err))
		return
	}
	c.ReturnInt(0)
}

// homedir() -> $HOME, else what the user database says
func (m *module) homedir(c *v8.Call) {
	for _, line := range m.rt.Environ() {
		if home, ok := strings.CutPrefix(line, "HOME="); ok && home != "" {
			c.ReturnString(home)
			return
		}
	}
	if p := passwd(goos.Getuid()); p != nil {
		c.ReturnString(p[5])
		return
	}
	c.ReturnInt(-int(unix.ENOENT))
}

func hostname(c *v8.Call) {
	name, err := goos.Hostname()
	if err != nil {
		c.ReturnInt(errno(err))
		return
	}
	c.ReturnString(name)
}

func loadavg(c *v8.Call) {
	var s unix.Sysinfo_t
	unix.Sysinfo(&s)
	list := make([]v8.Value, 3)
	for i := range list {
		list[i] = v8.Float(float64(s.Loads[i]) / 65536)
	}
	c.Return(v8.Array(list...))
}

func uptime(c *v8.Call) {
	if b, err := goos.ReadFile("/proc/uptime"); err == nil {
		first, _, _ := strings.Cut(string(b), " ")
		if n, err := strconv.ParseFloat(first, 64); err == nil {
			c.ReturnFloat(n)
			return
		}
	}
	var s unix.Sysinfo_t
	unix.Sysinfo(&s)
	c.ReturnFloat(float64(s.Uptime))
}

// uname() -> [sysname, version, release, machine]
func uname(c *v8.Call) {
	var u unix.Utsname
	unix.Uname(&u)
	c.Return(v8.Strings([]string{unix.ByteSliceToString(u.Sysname[:]), unix.ByteSliceToString(u.Version[:]),
		unix.ByteSliceToString(u.Release[:]), unix.ByteSliceToString(u.Machine[:])}))
}

// networkInterfaces() -> [name, address, netmask, family, mac, internal, prefix length, scope id, ...]
func networkInterfaces(c *v8.Call) {
	interfaces, err := net.Interfaces()
	if err != nil {
		c.ReturnInt(-int(unix.EIO))
		return
	}
	var list []v8.Value
	for _, want4 := range []bool{true, false} {
		for _, i := range interfaces {
			if i.Flags&(net.FlagUp|net.FlagRunning) != net.FlagUp|net.FlagRunning {
				continue
			}
			mac := i.HardwareAddr.String()
			if mac == "" {
				mac = "00:00:00:00:00:00"
			}
			addresses, _ := i.Addrs()
			for _, a := range addresses {
				n, ok := a.(*net.IPNet)
				if !ok || (n.IP.To4() != nil) != want4 {
					continue
				}
				ones, _ := n.Mask.Size()
				family, scope := "IPv6", 0
				if want4 {
					family = "IPv4"
				} else if n.IP.IsLinkLocalUnicast() {
					scope = i.Index
				}
				list = append(list, v8.String(i.Name), v8.String(n.IP.String()), v8.String(net.IP(n.Mask).String()), v8.String(family),
					v8.String(mac), v8.Bool(i.Flags&net.FlagLoopback != 0), v8.Int(ones), v8.Int(scope))
			}
		}
	}
	c.Return(v8.Array(list...))
}

// userInfo() -> [uid, gid, name, home, shell], or a negative errno
func userInfo(c *v8.Call) {
	p := passwd(goos.Getuid())
	if p == nil {
		c.ReturnInt(-int(unix.ENOENT))
		return
	}
	c.Return(v8.Array(v8.Int(goos.Getuid()), v8.Int(goos.Getgid()), v8.String(p[0]), v8.String(p[5]), v8.String(p[6])))
}

// passwd is the user's line of the user database, split, or nil.
func passwd(uid int) []string {
	id := strconv.Itoa(uid)
	b, _ := goos.ReadFile("/etc/passwd")
	for line := range strings.Lines(string(b)) {
		if f := strings.Split(strings.TrimRight(line, "\n"), ":"); len(f) == 7 && f[2] == id {
			return f
		}
	}
	// A directory service knows others.
	if u, err := user.LookupId(id); err == nil {
		return []string{u.Username, "", u.Uid, u.Gid, u.Name, u.HomeDir, ""}
	}
	return nil
}
