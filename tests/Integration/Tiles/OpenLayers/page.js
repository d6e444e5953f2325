// Does what the test asks for (wish.json) and posts what came of it. Whatever goes wrong is posted, too: the test waits for nothing else.
'use strict';

const acts = { decode, draw };

async function main() {
  const wish = await (await fetch('wish.json')).json();
  return acts[wish.act](wish);
}

/** Vector tiles as OpenLayers reads them: for each address its features, with geometries on the map (EPSG:3857). */
async function decode({ tiles }) {
  const [format, wkt] = [new ol.format.MVT({ featureClass: ol.Feature, idProperty: undefined }), new ol.format.WKT({ splitCollection: false })];
  return Promise.all(tiles.map(async ({ address, extent }) => {
    const answer = await fetch(address);
    if (!answer.ok && answer.status !== 204) {
      throw new Error(`${address}: ${answer.status}`);
    }

    const content = await answer.arrayBuffer();
    const features = content.byteLength === 0 ? [] : format.readFeatures(content, { extent, featureProjection: 'EPSG:3857' });
    return features.map((feature) => {
      const { [feature.getGeometryName()]: geometry, layer, ...properties } = feature.getProperties();
      return { layer, id: feature.getId(), properties, wkt: wkt.writeGeometry(geometry, { decimals: 6 }) };
    });
  }));
}

/** Maps, one after the other: for each a PNG as a data URL. */
async function draw({ maps }) {
  const pictures = [];
  for (const map of maps) {
    pictures.push(await drawOne(map));
  }

  return pictures;
}

async function drawOne({ kind, address, layer, matrixSet, center, zoom }) {
  const shown = await layers[kind](address, layer, matrixSet);
  await ready(shown.getSource());
  const map = new ol.Map({
    target: 'map',
    controls: [],
    layers: [shown],
    view: new ol.View({ center: ol.proj.fromLonLat(center), zoom }),
  });
  await new Promise((resolve) => map.once('rendercomplete', resolve));
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 512;
  for (const part of document.querySelectorAll('.ol-layer canvas')) {
    const place = part.style.transform.match(/^matrix\(([^(]*)\)$/)?.[1].split(',').map(Number) ?? [1, 0, 0, 1, 0, 0];
    canvas.getContext('2d').setTransform(...place);
    canvas.getContext('2d').drawImage(part, 0, 0);
  }

  map.setTarget(undefined);
  return canvas.toDataURL('image/png');
}

/** Sources that read a document first are drawn as nothing until they have. */
async function ready(source) {
  while (source.getState() === 'loading') {
    await new Promise((resolve) => source.once('change', resolve));
  }

  if (source.getState() !== 'ready') {
    throw new Error(`the source is ${source.getState()}`);
  }
}

const layers = {
  // By the metadata of OGC API - Tiles.
  ogcVector: async (address) => new ol.layer.VectorTile({ source: new ol.source.OGCVectorTile({ url: address, format: new ol.format.MVT() }), style }),
  ogcMap: async (address) => new ol.layer.Tile({ source: new ol.source.OGCMapTile({ url: address, crossOrigin: 'anonymous' }) }),

  // By the capabilities of WMTS.
  wmts: async (address, layer, matrixSet) => {
    const capabilities = new ol.format.WMTSCapabilities().read(await (await fetch(address)).text());
    return new ol.layer.Tile({ source: new ol.source.WMTS({ ...ol.source.WMTS.optionsFromCapabilities(capabilities, { layer, matrixSet }), crossOrigin: 'anonymous' }) });
  },

  // By a template.
  xyz: async (address) => new ol.layer.VectorTile({ source: new ol.source.VectorTile({ url: address, format: new ol.format.MVT(), maxZoom: 9 }), style }),
  tileJson: async (address) => new ol.layer.Tile({ source: new ol.source.TileJSON({ url: address, crossOrigin: 'anonymous' }) }),
};

const style = {
  'fill-color': 'rgb(40, 120, 60)', 'stroke-color': 'rgb(0, 0, 0)', 'stroke-width': 1, 'circle-radius': 4, 'circle-fill-color': 'rgb(200, 0, 0)',
};

main().then((result) => ({ result }), (error) => ({ error: String(error?.stack ?? error) })).then((outcome) => fetch('outcome', { method: 'POST', body: JSON.stringify(outcome) }));
