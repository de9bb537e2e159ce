-- Closes purchase orders, every one another, numbered on from the argument.  One line for
-- tests/bench/figures_jobs.sh: as wrk.lua has it, with what did not end as a success as failures,
-- and the number of answers.
local number = 0
local threads = {}
answered, refused = 0, 0

function setup(thread) table.insert(threads, thread) end

function init(args) number = tonumber(args[1]) end

function request()
  number = number + 1
  return wrk.format("POST", nil, { ["Authorization"] = wrk.headers["Authorization"],
    ["Content-Type"] = "application/json" },
    string.format('{"numero_pedido":"%d","numero_nf_servico":"NF%d","id_nf_servico":%d}', number, number, number))
end

function response(status, _, body)
  answered = answered + 1
  if status ~= 200 or not body:find('"status":"success"', 1, true) or not body:find('"confirmado": true', 1, true) then
    refused = refused + 1
    if refused == 1 then io.stderr:write(status, " ", body:sub(1, 300), "\n") end
  end
end

function done(summary, latency)
  local e, bad, all = summary.errors, 0, 0
  for _, thread in ipairs(threads) do
    bad = bad + thread:get("refused")
    all = all + thread:get("answered")
  end
  io.write(string.format("RESULT %.0f %.2f %.2f %d %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    e.connect + e.read + e.write + e.timeout + bad, all))
end
