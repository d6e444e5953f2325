#!/bin/sh
# Brings the sample data into an empty volume, and becomes the server; what follows are settings or a verb of the client.
set -eu
data=${GEOWPS__Data__Directory:-/data}
if [ "${GEOWPS__Node__Role:-Monolith}" != Gateway ] && [ ! -e "$data/samples" ]; then
  rm -rf "$data/samples.new"
  cp -r /opt/geowps/samples "$data/samples.new"
  mv -T "$data/samples.new" "$data/samples"
fi
exec /usr/bin/dotnet /opt/geowps/GeoWps.dll "$@"
