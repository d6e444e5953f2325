# Sourced by ../geowps: `cluster up`: PostgreSQL, a gateway and workers on this machine, without containers.

usage_cluster() {
  cat <<'TEXT'
geowps cluster up [--workers N] [--port P] [--directory FOLDER] [--no-build] [--no-setup] [--Setting value …]

Starts PostgreSQL (in FOLDER/postgres; FOLDER is data/cluster), N workers (default 2) and the gateway at http://127.0.0.1:P (default 8080; workers
take the ports after it). Settings go to the workers. Ctrl-C drains and stops all; a second start goes on with the same data.
TEXT
}

[ "${1:-}" = up ] || { usage_cluster; exit 1; }
shift

build=yes
setup=yes
arguments=()
for argument in "$@"; do
  case "$argument" in
    --help) usage_cluster; exit 0 ;;
    --no-build) build=no ;;
    --no-setup) setup=no ;;
    *) arguments+=("$argument") ;;
  esac
done

need_dotnet
if [ "$setup" = yes ]; then
  need_packages "${server_packages[@]}" "${database_packages[@]}"
fi

if [ "$build" = yes ]; then
  build_host
elif [ ! -f "$root/artifacts/host/GeoWps.dll" ]; then
  fail "nothing is built yet: leave --no-build out once"
fi

exec python3 "$root/scripts/run_cluster.py" "$dotnet" "$(readlink -f "$root/artifacts/host")/GeoWps.dll" "$root/samples" "${arguments[@]}"
