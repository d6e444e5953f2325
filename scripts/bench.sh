# Sourced by ../geowps: dispatches to the benchmark project.

need_dotnet
if [ ! -d "$root/bench" ]; then
  fail "there are no benchmarks yet"
fi
need_packages "${server_packages[@]}" "${bench_packages[@]}"
exec "$dotnet" run -c Release --project "$root/bench" -- "$@"
