//go:build unix && !aix && !solaris

package spool

import (
	"os"
	"syscall"
)

const locks = true

// lockFile takes a file for this process, and fails when another one has it. The system lets
// go of it when the process ends, however it does.
func lockFile(file *os.File) error {
	return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
