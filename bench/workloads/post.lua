wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local item = '{"id":12345,"name":"a name of some length","tags":["one","two","three"],"ok":true}'
local items = {}
for i = 1, 12 do items[i] = item end
wrk.body = '{"items":[' .. table.concat(items, ",") .. ']}'
