using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>
/// The documents of the API as schemas. They say what this server sends and takes; the standard's own (which they fit) are looser and in part
/// contradict themselves, so that no client could be generated from them.
/// </summary>
internal static class ApiSchemas
{
    public static JsonObject Make()
    {
        var schemas = JsonNode.Parse(Text)!.AsObject();
        FeaturePaths.AddSchemas(schemas);
        return schemas;
    }

    private const string Text = """
        {
          "link": {
            "type": "object",
            "required": ["href"],
            "properties": {
              "href": {"type": "string"}, "rel": {"type": "string"}, "type": {"type": "string"}, "hreflang": {"type": "string"}, "title": {"type": "string"}
            }
          },
          "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}},
          "landingPage": {
            "type": "object",
            "required": ["links"],
            "properties": {"title": {"type": "string"}, "description": {"type": "string"}, "links": {"$ref": "#/components/schemas/links"}}
          },
          "confClasses": {
            "type": "object",
            "required": ["conformsTo"],
            "properties": {"conformsTo": {"type": "array", "items": {"type": "string"}}, "links": {"$ref": "#/components/schemas/links"}}
          },
          "exception": {
            "type": "object",
            "required": ["type"],
            "properties": {
              "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"},
              "instance": {"type": "string"}, "reference": {"type": "string"},
              "mistakes": {
                "type": "array",
                "items": {"type": "object", "required": ["place", "message"], "properties": {"place": {"type": "string"}, "message": {"type": "string"}}}
              }
            },
            "additionalProperties": true
          },
          "processSummary": {
            "type": "object",
            "required": ["id", "version"],
            "properties": {
              "id": {"type": "string"}, "title": {"type": "string"}, "description": {"type": "string"}, "version": {"type": "string"},
              "mutable": {"type": "boolean"},
              "keywords": {"type": "array", "items": {"type": "string"}},
              "jobControlOptions": {"type": "array", "items": {"type": "string", "enum": ["sync-execute", "async-execute", "dismiss"]}},
              "outputTransmission": {"type": "array", "items": {"type": "string", "enum": ["value", "reference"]}},
              "links": {"$ref": "#/components/schemas/links"}
            }
          },
          "ogcapppkg": {
            "type": "object",
            "required": ["executionUnit"],
            "properties": {
              "processDescription": {"type": "object", "properties": {"id": {"type": "string"}}, "additionalProperties": true},
              "executionUnit": {
                "oneOf": [
                  {"$ref": "#/components/schemas/executionUnit"},
                  {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/executionUnit"}}
                ]
              }
            }
          },
          "executionUnit": {
            "type": "object",
            "properties": {
              "type": {"type": "string"}, "value": {"type": "string"}, "href": {"type": "string"}, "encoding": {"type": "string", "enum": ["base64", "utf-8"]}
            },
            "additionalProperties": true
          },
          "processList": {
            "type": "object",
            "required": ["processes", "links"],
            "properties": {
              "processes": {"type": "array", "items": {"$ref": "#/components/schemas/processSummary"}}, "links": {"$ref": "#/components/schemas/links"}
            }
          },
          "inputDescription": {
            "type": "object",
            "required": ["schema"],
            "properties": {
              "title": {"type": "string"}, "description": {"type": "string"}, "schema": {"type": "object"},
              "minOccurs": {"type": "integer", "default": 1},
              "maxOccurs": {"oneOf": [{"type": "integer", "default": 1}, {"type": "string", "enum": ["unbounded"]}]}
            }
          },
          "outputDescription": {
            "type": "object",
            "required": ["schema"],
            "properties": {"title": {"type": "string"}, "description": {"type": "string"}, "schema": {"type": "object"}}
          },
          "process": {
            "allOf": [
              {"$ref": "#/components/schemas/processSummary"},
              {
                "type": "object",
                "properties": {
                  "inputs": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/inputDescription"}},
                  "outputs": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/outputDescription"}}
                }
              }
            ]
          },
          "format": {
            "type": "object",
            "properties": {"mediaType": {"type": "string"}, "encoding": {"type": "string"}, "schema": {}}
          },
          "execute": {
            "type": "object",
            "properties": {
              "inputs": {
                "type": "object",
                "description": "A value each, as the process describes it: bare, {value, mediaType, encoding}, {href, type}, {process, inputs, outputs}, {collection}, or an array of these",
                "additionalProperties": {}
              },
              "outputs": {
                "type": "object",
                "additionalProperties": {
                  "type": "object",
                  "properties": {
                    "format": {"$ref": "#/components/schemas/format"},
                    "transmissionMode": {"$ref": "#/components/schemas/transmissionMode"},
                    "publish": {"$ref": "#/components/schemas/publish"}
                  }
                }
              },
              "response": {"$ref": "#/components/schemas/responseForm"},
              "subscriber": {"$ref": "#/components/schemas/subscriber"}
            },
            "example": {"inputs": {"literalInput": "hello"}, "response": "document"}
          },
          "publish": {
            "description": "Whether the result becomes a layer, and with which settings",
            "oneOf": [{"type": "boolean"}, {"$ref": "#/components/schemas/layerForm"}]
          },
          "transmissionMode": {"type": "string", "enum": ["value", "reference"], "default": "value"},
          "responseForm": {"type": "string", "enum": ["raw", "document"], "default": "raw"},
          "subscriber": {
            "type": "object",
            "required": ["successUri"],
            "properties": {
              "successUri": {"type": "string", "format": "uri"}, "inProgressUri": {"type": "string", "format": "uri"},
              "failedUri": {"type": "string", "format": "uri"}
            }
          },
          "qualifiedValue": {
            "type": "object",
            "required": ["value"],
            "properties": {
              "value": {}, "mediaType": {"type": "string"}, "encoding": {"type": "string"}, "format": {"$ref": "#/components/schemas/format"}
            }
          },
          "reference": {
            "type": "object",
            "required": ["href"],
            "properties": {
              "href": {"type": "string"}, "type": {"type": "string"}, "format": {"$ref": "#/components/schemas/format"},
              "method": {"type": "string", "enum": ["GET", "POST"], "default": "GET"}, "body": {"type": "string"}, "bodyHref": {"type": "string"},
              "headers": {"type": "object", "additionalProperties": {"type": "string"}}
            }
          },
          "nestedExecution": {
            "type": "object",
            "description": "The result of another execution on this server: OGC API - Processes - Part 3 (draft)",
            "required": ["process"],
            "properties": {
              "process": {"type": "string", "format": "uri-reference"},
              "inputs": {"type": "object", "additionalProperties": {}},
              "outputs": {
                "type": "object", "maxProperties": 1,
                "additionalProperties": {"type": "object", "properties": {"format": {"$ref": "#/components/schemas/format"}}}
              }
            }
          },
          "collection": {
            "type": "object",
            "description": "All features of a collection of another server: OGC API - Processes - Part 3 (draft)",
            "required": ["collection"],
            "properties": {
              "collection": {"type": "string", "format": "uri-reference"}, "filter": {"anyOf": [{"type": "string"}, {"type": "object"}]},
              "properties": {"type": "array", "items": {"type": "string"}}, "sortBy": {"type": "array", "items": {"type": "string"}},
              "bbox": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}, "datetime": {"type": "string"}
            }
          },
          "bbox": {
            "type": "object",
            "required": ["bbox"],
            "properties": {
              "bbox": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
              "crs": {"type": "string", "default": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
            }
          },
          "geometry": {
            "type": "object",
            "required": ["type"],
            "properties": {
              "type": {
                "type": "string",
                "enum": ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"]
              },
              "coordinates": {"type": "array", "items": {}},
              "geometries": {"type": "array", "items": {"$ref": "#/components/schemas/geometry"}}
            }
          },
          "feature": {
            "type": "object",
            "required": ["type", "geometry", "properties"],
            "properties": {
              "type": {"type": "string", "enum": ["Feature"]},
              "geometry": {"nullable": true, "allOf": [{"$ref": "#/components/schemas/geometry"}]},
              "properties": {"type": "object", "nullable": true}
            }
          },
          "featureCollection": {
            "type": "object",
            "required": ["type", "features"],
            "properties": {
              "type": {"type": "string", "enum": ["FeatureCollection"]},
              "features": {"type": "array", "items": {"$ref": "#/components/schemas/feature"}}
            }
          },
          "geoJson": {
            "anyOf": [{"$ref": "#/components/schemas/featureCollection"}, {"$ref": "#/components/schemas/feature"}, {"$ref": "#/components/schemas/geometry"}]
          },
          "valid": {"type": "object", "required": ["valid"], "properties": {"valid": {"type": "boolean"}}},
          "results": {
            "type": "object",
            "description": "A value for each output by its id: bare, {value, mediaType, encoding}, or {href, type}",
            "additionalProperties": {}
          },
          "statusInfo": {
            "type": "object",
            "required": ["jobID", "status", "type"],
            "properties": {
              "jobID": {"type": "string"},
              "id": {"type": "string"},
              "parentJobID": {"type": "string"},
              "type": {"type": "string", "enum": ["process"]},
              "processID": {"type": "string"},
              "status": {"type": "string", "enum": ["accepted", "running", "successful", "failed", "dismissed"]},
              "message": {"type": "string"},
              "position": {"type": "integer", "minimum": 1, "maximum": 1001, "description": "Of a job that waits: its place in the queue, as long as no more than 1000 are before it"},
              "progress": {"type": "integer", "minimum": 0, "maximum": 100},
              "created": {"type": "string", "format": "date-time"},
              "started": {"type": "string", "format": "date-time"},
              "finished": {"type": "string", "format": "date-time"},
              "updated": {"type": "string", "format": "date-time"},
              "attempt": {"type": "integer", "minimum": 2},
              "exception": {"$ref": "#/components/schemas/exception"},
              "links": {"$ref": "#/components/schemas/links"}
            }
          },
          "jobList": {
            "type": "object",
            "required": ["jobs", "links"],
            "properties": {"jobs": {"type": "array", "items": {"$ref": "#/components/schemas/statusInfo"}}, "links": {"$ref": "#/components/schemas/links"}}
          },
          "log": {
            "type": "object",
            "required": ["entries", "links"],
            "properties": {
              "entries": {
                "type": "array",
                "items": {
                  "type": "object",
                  "properties": {
                    "time": {"type": "string", "format": "date-time"}, "attempt": {"type": "integer"},
                    "level": {"type": "string", "enum": ["info", "warning", "error", "command", "console", "progress"]}, "text": {"type": "string"}
                  }
                }
              },
              "links": {"$ref": "#/components/schemas/links"}
            }
          },
          "health": {"type": "object", "properties": {"status": {"type": "string", "enum": ["live", "ready", "starting", "stopping"]}}}
        }
        """;
}
