--[[
French typography for both formats and both roads to the pages.

Spaces: a no-break space before the colon, the closing guillemet and the percent sign and after the
opening guillemet, a narrow one before the semicolon, the exclamation and the question mark
(Imprimerie nationale, Lexique des règles typographiques). Neither HTML nor Typst sets them.

Traces: a number that links to the ledger is plain text in the PDF.

Tables: whatever the width of the Markdown source, the columns of numbers are left to the page; those
of a table of sentences share its width. A cell may ask for other widths (`tbl-colwidths`).

Components: the divisions `verdict`, `note-table`, `thesis-section`, `dense` and `erratum` become
calls of the functions of the same names in the Typst template. A division `verifier` is folded on the
site, under its `title`.
]]

local NBSP, NNBSP = "\u{00A0}", "\u{202F}"
local WIDE = { [":"] = true, ["»"] = true, ["%"] = true }
local THIN = { [";"] = true, ["!"] = true, ["?"] = true }

local function space_before(text)
  local first = text:match("^[%z\1-\127\194-\244][\128-\191]*")
  if WIDE[first] then return NBSP end
  if THIN[first] then return NNBSP end
end

function Inlines(inlines)
  for i, inline in ipairs(inlines) do
    local before, after = inlines[i - 1], inlines[i + 1]
    if inline.t == "Space" or inline.t == "SoftBreak" then
      local glue = after and after.t == "Str" and space_before(after.text)
      if not glue and before and before.t == "Str" and before.text:match("«$") then
        glue = NBSP
      end
      if glue then inlines[i] = pandoc.Str(glue) end
    end
  end
  return inlines
end

function Link(link)
  -- A trace leads into the ledger, which the PDF does not have.
  if FORMAT:match("typst") and link.classes:includes("trace") then return link.content end
end

local LONG_ROW = 90 -- characters: about a line of the page

-- The room of the longest word of a heading, which cannot be broken.
local function least(sentences, i)
  local longest = 0
  for _, row in ipairs(sentences.head.rows) do
    local cell = row.cells[i] -- none where another spans its column
    for word in pandoc.utils.stringify(cell and cell.contents or ""):gmatch("%S+") do
      longest = math.max(longest, utf8.len(word) or 0)
    end
  end
  return (longest + 2) / LONG_ROW
end

-- By the square root of what it holds, a short column keeps room for its words beside a long one.
local function shares(sentences)
  local held, longest, total = {}, 0, 0
  for _, column in ipairs(sentences.colspecs) do
    if column[1] == "AlignRight" or column[1] == "AlignCenter" then return {} end
  end
  for _, body in ipairs(sentences.bodies) do
    for _, row in ipairs(body.body) do
      local whole = 0
      for i, cell in ipairs(row.cells) do
        local length = utf8.len(pandoc.utils.stringify(cell.contents)) or 0
        held[i], whole = (held[i] or 0) + length, whole + length
      end
      longest = math.max(longest, whole)
    end
  end
  if longest < LONG_ROW then return {} end
  for i in ipairs(sentences.colspecs) do
    held[i] = math.sqrt(held[i] or 0)
    total = total + held[i]
  end
  local whole = 0
  for i in ipairs(held) do
    held[i] = math.max(held[i] / total, least(sentences, i))
    whole = whole + held[i]
  end
  for i in ipairs(held) do held[i] = held[i] / whole end
  return held
end

function Table(any)
  if any.attributes["tbl-colwidths"] then
    any.attributes["tbl-colwidths"] = nil
    return any
  end
  local widths = shares(any)
  for i, column in ipairs(any.colspecs) do column[2] = widths[i] end
  return any
end

local function call(name, argument, blocks)
  local opening = argument and string.format('#%s("%s")[', name, argument) or "#" .. name .. "["
  local wrapped = pandoc.Blocks({ pandoc.RawBlock("typst", opening) })
  wrapped:extend(blocks)
  wrapped:insert(pandoc.RawBlock("typst", "]"))
  return wrapped
end

-- What a reader opens to check a number: folded on the site.
local function fold(div)
  local title = div.attributes.title:gsub(" :", NBSP .. ":")
  local blocks = pandoc.Blocks({
    pandoc.RawBlock("html", '<details class="verifier"><summary>' .. title .. "</summary>"),
  })
  blocks:extend(div.content)
  blocks:insert(pandoc.RawBlock("html", "</details>"))
  return blocks
end

function Div(div)
  if div.classes:includes("verifier") then return fold(div) end
  if not FORMAT:match("typst") then return nil end
  if div.classes:includes("verdict") then
    local kind = "match"
    for _, class in ipairs(div.classes) do
      kind = class:match("^verdict%-(%a+)$") or kind
    end
    return call("verdict", kind, div.content)
  end
  if div.classes:includes("erratum") then
    local title, body = div.content[1], pandoc.Blocks(div.content)
    body:remove(1)
    local blocks = pandoc.Blocks({ pandoc.RawBlock("typst", "#erratum["), title })
    blocks:insert(pandoc.RawBlock("typst", "]["))
    blocks:extend(body)
    blocks:insert(pandoc.RawBlock("typst", "]"))
    return blocks
  end
  for _, name in ipairs({ "note-table", "thesis-section", "dense" }) do
    if div.classes:includes(name) then return call(name, nil, div.content) end
  end
end
