# What the run scripts of both generators do alike. A script sources it in its own folder.

# check_node fails with 3 unless Node.js and npm are there.
check_node() {
	least='Node.js 20.19 or later, with npm, is needed'
	command -v node >/dev/null || { echo "node is missing: $least" >&2; exit 3; }
	node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
		process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' ||
		{ echo "node is $(node --version): $least" >&2; exit 3; }
	command -v npm >/dev/null || { echo "npm is missing: $least" >&2; exit 3; }
}

# pinned prints the version of a package that the lock file has.
pinned() {
	node -p 'require(process.argv[1]).packages["node_modules/" + process.argv[2]].version' "$PWD/../package-lock.json" "$1"
}

# install_pinned installs what the lock file pins, unless it is there already. npm ci begins
# by removing the folder, so a copy of the lock in it tells of an installation that was finished.
install_pinned() {
	cmp -s ../package-lock.json ../node_modules/.installed-lock.json || {
		npm --prefix .. ci --ignore-scripts --no-progress --loglevel=error &&
			cp ../package-lock.json ../node_modules/.installed-lock.json
	}
}

# logged runs a command whose output goes to build/log, and prints that only on failure. The
# shell's -e means nothing to the command, so a function has to chain its steps by itself.
logged() {
	mkdir -p build
	"$@" >build/log 2>&1 || { status=$?; cat build/log >&2; exit "$status"; }
}
