# Sourced by ../geowps: sets up what the tests need, then runs them.

need_dotnet
need_packages "${server_packages[@]}" "${test_packages[@]}"
want_packages "${source_packages[@]}"
need_clients
export GEOWPS_DOTNET=$dotnet
exec python3 "$root/scripts/run_tests.py" "$@"
