# Sourced by ../geowps: sets up, builds what changed, and becomes the server.

build=yes
setup=yes
arguments=()
for argument in "$@"; do
  case "$argument" in
    --no-build) build=no ;;
    --no-setup) setup=no ;;
    *) arguments+=("$argument") ;;
  esac
done

# setting NAME DEFAULT: what the host will read from the command line or the environment.
setting() {
  local name=${1,,} value=$2 variable i
  variable=$(env | grep -i "^GEOWPS__${1//:/__}=" | head -n 1 || true)
  if [ -n "$variable" ]; then
    value=${variable#*=}
  fi
  for ((i = 0; i < ${#arguments[@]}; i++)); do
    local word=${arguments[i]}
    case "${word,,}" in
      "--$name" | "/$name") value=${arguments[i + 1]:-} ;;
      "--$name="* | "/$name="* | "$name="*) value=${word#*=} ;;
    esac
  done
  printf '%s' "$value"
}

need_dotnet
execution=$(setting Python:Execution Pool)
case "${execution,,}" in
  none | remote) ;;
  *)
    if [ "$setup" = yes ]; then
      need_packages "${server_packages[@]}"
    fi ;;
esac

if [ "$build" = yes ]; then
  build_host
elif [ ! -f "$root/artifacts/host/GeoWps.dll" ]; then
  fail "nothing is built yet: leave --no-build out once"
fi

data=$(setting Data:Directory ./data)
if [ ! -e "$data/samples" ]; then
  mkdir -p -m 700 "$data"
  cp -r "$root/samples" "$data/samples.new"
  mv -T "$data/samples.new" "$data/samples"
fi

exec "$dotnet" "$(readlink -f "$root/artifacts/host")/GeoWps.dll" "${arguments[@]}"
