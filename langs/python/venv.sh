# What the run files of this folder share; they source it from their own folder.

python=${PYTHON:-python3}

# check_python ends the run unless there is a Python that can make virtual environments.
check_python() {
	"$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
		{ echo "python3 with its venv module is missing: 3.11 or later is needed" >&2; exit 3; }
}

# log keeps what follows in build/log, and prints it should the run fail.
log() {
	: "${KAIKINA_SPECS:?is not set: it is the absolute path of the folder api}"
	mkdir -p build
	exec 3>&2 >build/log 2>&1
	trap '[ $? -eq 0 ] || cat build/log >&3' EXIT
}

# install puts what requirements.txt pins into build/venv, unless just that is in there
# already. Wheels only: nothing that is downloaded runs before its hash was compared.
install() {
	"$python" -c 'import sys; print(sys.version, sys.executable)' | cat - requirements.txt >build/wanted
	if cmp -s build/wanted build/venv/installed; then
		return
	fi
	rm -rf build/venv
	"$python" -m venv build/venv
	build/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
		--require-hashes --only-binary :all: -r requirements.txt
	mv build/wanted build/venv/installed
}

# compile fails where Python warns about a generated file, and where mypy has anything to
# say about the program. The arguments are mypy's.
compile() {
	build/venv/bin/python -W error -m compileall -q generated
	# No configuration file, or mypy takes one from the home folder. No cache, or it goes on to
	# miss a generated module that came back.
	MYPYPATH=generated build/venv/bin/python -m mypy --config-file= --cache-dir /dev/null \
		--strict --no-error-summary "$@" ./*.py
}

# version prints the name and the pinned version of a package.
version() {
	sed -n "s/^\($1\)==\([^ ]*\).*/\1 \2/p" requirements.txt
}

# program becomes the program, which a warning ends too. Both clients would ask a proxy for
# the sandbox.
program() {
	export no_proxy="${no_proxy:-${NO_PROXY:-}},127.0.0.1,localhost"
	PYTHONPATH=generated PYTHONPYCACHEPREFIX=build/pycache exec build/venv/bin/python -W error main.py
}
