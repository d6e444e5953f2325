# Sourced by ../geowps: what the other scripts need on this machine, and the built server.

server_packages=(python3-qgis qgis-providers gdal-bin python3-gdal bubblewrap poppler-utils qt5-image-formats-plugins)
# What a cluster keeps its things in.
database_packages=(postgresql-15 postgresql-15-postgis-3)
# What only tests use: clients, a browser, and a database of which each run starts its own.
test_packages=(curl python3-owslib python3-lxml python3-yaml "${database_packages[@]}" chromium)
# Servers that some tests harvest from. Without them those tests are skipped, and counted so.
source_packages=(python3-pyftpdlib python3-openssl openssh-server)
# What benchmarks compare with, and the clients that they load servers with.
bench_packages=("${database_packages[@]}" nginx-light wrk mapcache-tools)

say() { printf 'geowps: %s\n' "$*" >&2; }

fail() {
  say "$@"
  exit 1
}

need_dotnet() {
  dotnet=$(command -v dotnet || true)
  if [ -z "$dotnet" ] && [ -x "$HOME/.dotnet/dotnet" ]; then
    dotnet=$HOME/.dotnet/dotnet
  fi
  [ -n "$dotnet" ] || fail "the .NET SDK 10 is missing: https://dotnet.microsoft.com/download/dotnet/10.0"
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
  # Build nodes that stay behind would hold the terminal's pipe open: "./geowps test | tee log" would not end.
  export MSBUILDDISABLENODEREUSE=1
}

# Names those of the given Debian packages that are not installed.
missing_packages() {
  local installed
  installed=$(dpkg-query -W -f='${db:Status-Abbrev}${Package}\n' "$@" 2>/dev/null || true)
  local package
  for package in "$@"; do
    case $'\n'"$installed"$'\n' in
      *$'\n'"ii $package"$'\n'*) ;;
      *) printf '%s ' "$package" ;;
    esac
  done
}

# Installs what is missing where it may; otherwise says what is missing, and how to get it.
need_packages() {
  if ! command -v dpkg-query >/dev/null; then
    # Not a Debian: QGIS's Python is what counts.
    if ! python3 -c 'import qgis.core' 2>/dev/null; then
      fail "QGIS for Python is missing (module qgis.core); on Debian and Ubuntu it is: $*. 'up --no-setup' starts without this check."
    fi
    return
  fi
  local missing
  missing=$(missing_packages "$@")
  if [ -z "$missing" ]; then
    return
  fi
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
      as_root=(sudo -n)
    else
      fail "missing: ${missing% }. Get them with: sudo apt-get install --no-install-recommends ${missing% }  ('up --no-setup' starts without this check.)"
    fi
  fi
  say "installing ${missing% } (once; takes minutes)"
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 -q -y)
  # shellcheck disable=SC2086
  if ! { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends $missing; } >&2 </dev/null; then
    fail "could not install ${missing% }. Get them with: sudo apt-get install --no-install-recommends ${missing% }"
  fi
}

# Those that can be had. On a machine that runs services, SSH would be one more from then on: nobody asked for that.
want_packages() {
  local package wanted=()
  command -v dpkg-query >/dev/null || return 0
  for package in $(missing_packages "$@"); do
    if [ "$package" != openssh-server ] || [ ! -d /run/systemd/system ]; then
      wanted+=("$package")
    fi
  done
  if [ ${#wanted[@]} -gt 0 ]; then
    (need_packages "${wanted[@]}") || say "some tests are skipped"
  fi
}

# Public clients of npm that tests run: once, and when another version is wanted. Without them those tests are skipped, and counted so.
need_clients() {
  need_client OpenLayers tests/Integration/Tiles/OpenLayers "tests in the browser"
  need_client tus-js-client tests/Integration/Uploads/TusClient "tests of uploads with it"
}

need_client() {
  local name=$1 folder=$root/$2 tests=$3
  if [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]; then
    return
  fi
  # Where Node does not come from Debian it has npm with it.
  command -v npm >/dev/null || need_packages nodejs npm
  say "fetching $name"
  (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error >&2 </dev/null) || say "could not fetch $name ('npm ci' in ${folder#"$root"/}): $tests are skipped"
}

# Changes whenever a source file is changed, added or deleted.
fingerprint() {
  (
    cd "$root"
    find src Directory.Build.props Directory.Packages.props global.json .editorconfig \
      \( -name bin -o -name obj -o -name __pycache__ -o -name node_modules \) -prune \
      -o -type f -printf '%p %s %T@\n' | LC_ALL=C sort | sha256sum | cut -c1-16
  )
}

# Builds the server if a source changed. Each build is a folder of its own, so that one which is running keeps its files.
build_host() {
  local print link=$root/artifacts/host
  print=$(fingerprint)
  if [ "$(readlink "$link" || true)" = "host-$print" ] && [ -f "$link/GeoWps.dll" ]; then
    return
  fi
  mkdir -p "$root/artifacts"
  (
    flock 9
    if [ -f "$root/artifacts/host-$print/GeoWps.dll" ]; then
      touch "$root/artifacts/host-$print"
    else
      say "building"
      "$dotnet" build "$root/src/Host" -c Release --nologo -v quiet -clp:NoSummary >&2 9>&- </dev/null || fail "the build failed"
      rm -rf "$root/artifacts/host-new"
      cp -a "$root/src/Host/bin/Release/net10.0" "$root/artifacts/host-new"
      mv -T "$root/artifacts/host-new" "$root/artifacts/host-$print"
      touch "$root/artifacts/host-$print"
    fi
    ln -sfn "host-$print" "$link.new"
    mv -T "$link.new" "$link"
    # The two builds before stay: they may be running.
    find "$root/artifacts" -maxdepth 1 -type d -name 'host-*' -printf '%T@ %p\n' | sort -rn | tail -n +4 | cut -d' ' -f2- | xargs -r rm -rf
  ) 9>"$root/artifacts/.lock"
}
