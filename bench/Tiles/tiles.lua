-- For wrk: the requests of a list, in turn. A line: path, and after a space the entity tag that the client holds.
local requests, at = {}, 0

function init(args)
  for line in io.lines(args[1]) do
    local path, tag = line:match("^(%S+) ?(.*)$")
    requests[#requests + 1] = wrk.format("GET", path, {["Accept-Encoding"] = "gzip", ["If-None-Match"] = tag ~= "" and tag or nil})
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end
