# Sourced by ../geowps: sets up what the tests need, then runs them.

need_dotnet
# Clients that the tests bring along.
need_packages "${server_packages[@]}" python3-owslib python3-lxml
export GEOWPS_DOTNET=$dotnet
exec python3 "$root/scripts/run_tests.py" "$@"
