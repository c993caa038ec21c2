--[[
French typography for both formats and both roads to the pages.

Spaces: a no-break space before the colon, the closing guillemet and the percent sign and after the
opening guillemet, a narrow one before the semicolon, the exclamation and the question mark
(Imprimerie nationale, Lexique des règles typographiques), whichever of them is written. Neither HTML
nor Typst sets them. No line ends between a number and its unit, its sign or the "l." before it. The
end of « 1er » is raised.

Traces: a number that links to the ledger is plain text in the PDF.

Languages: a work whose `langid` is English is hyphenated, and read aloud, in English.

Tables: whatever the width of the Markdown source, the columns of numbers are left to the page; those
of a table of sentences share its width. A cell may ask for other widths (`tbl-colwidths`). In the PDF
the name of a group of rows runs across the columns.

Components: the divisions `verdict`, `note-table`, `thesis-section`, `dense`, `wide`, `une` and
`erratum` become calls of the functions of the same names in the Typst template.
A division `verifier` is folded on the site, under its `title`.
]]

local NBSP, NNBSP = "\u{00A0}", "\u{202F}"
local SPACE = {
  [":"] = NBSP, ["»"] = NBSP, ["%"] = NBSP, [";"] = NNBSP, ["!"] = NNBSP, ["?"] = NNBSP,
}
local RELATION = { ["="] = true, ["<"] = true, [">"] = true, ["≈"] = true, ["≤"] = true, ["≥"] = true }
local UNITS = {}
for unit in ([[an ans mois semaine semaines jour jours heure heures minute minutes seconde secondes
  janvier février mars avril mai juin juillet août septembre octobre novembre décembre
  point points euro euros € mm]]):gmatch("%S+") do
  UNITS[unit] = true
end

local function space_before(text)
  return SPACE[text:match("^[%z\1-\127\194-\244][\128-\191]*")]
end

-- The space that keeps two words on one line, if they must be.
local function glue(before, after)
  local number = after:match("^[−–-]?%d")
  if before:match("«$") then return NBSP end
  if number and (before:match("^%(?l%.$") or RELATION[before]) then return NBSP end
  if RELATION[after] then return NBSP end
  if before:match("%d$") and UNITS[(after:gsub("%p+$", ""))] then return NBSP end
  local thousands = before:match("^%D*%d%d?%d?$") and after:match("^%d%d%d%f[%D]")
  return thousands and NNBSP
end

-- What an element is, and its text, are slow to come: they are asked beside a space only, and once.
function Inlines(inlines)
  local changed = false
  for i, inline in ipairs(inlines) do
    local kind = inline.t
    if kind == "Space" or kind == "SoftBreak" then
      local before, after = inlines[i - 1], inlines[i + 1]
      local word = before and before.t == "Str" and before.text
      local next = after and after.t == "Str" and after.text
      local kept = next and (space_before(next)
        or before and glue(word or pandoc.utils.stringify(before), next))
      if not kept and word and word:match("«$") then kept = NBSP end
      if kept then inlines[i], changed = pandoc.Str(kept), true end
    end
  end
  if changed then return inlines end
end

-- A space that is written before a sign becomes the one that belongs there.
function Str(word)
  local before = word.text
  local text = before
  for _, written in ipairs({ NBSP, NNBSP }) do
    if text:find(written, 1, true) then
      for sign, space in pairs(SPACE) do
        text = text:gsub(written .. "(%" .. sign .. ")", space .. "%1")
      end
      text = text:gsub("«" .. written, "«" .. NBSP)
    end
  end
  local rest = text:match("^1er(%p*)$")
  if rest then return { pandoc.Str("1"), pandoc.Superscript("er"), pandoc.Str(rest) } end
  if text ~= before then return pandoc.Str(text) end
end

function Link(link)
  -- A trace leads into the ledger, which the PDF does not have.
  if FORMAT:match("typst") and link.classes:includes("trace") then return link.content end
end

-- In characters, about a line of a table: of a page on a screen, of the two columns of the PDF.
local LONG_ROW = FORMAT:match("typst") and 110 or 90
local LONG_WORD = 24

-- The room of the longest word of a column, which cannot be broken.
local function least(sentences, i)
  local longest = 0
  local function see(rows)
    for _, row in ipairs(rows) do
      local cell = row.cells[i] -- none where another spans its column
      for word in pandoc.utils.stringify(cell and cell.contents or ""):gmatch("%S+") do
        longest = math.max(longest, utf8.len(word) or 0)
      end
    end
  end
  see(sentences.head.rows)
  for _, body in ipairs(sentences.bodies) do see(body.body) end
  return (math.min(longest, LONG_WORD) + 2) / LONG_ROW
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

-- A row whose only cell in use is in bold names the rows below it.
local function names_rows(row)
  local first = row.cells[1] and row.cells[1].contents[1]
  if not first or #row.cells < 2 or not (first.t == "Plain" or first.t == "Para") then return false end
  for i, cell in ipairs(row.cells) do
    if i > 1 and #cell.contents > 0 then return false end
  end
  return #first.content == 1 and first.content[1].t == "Strong"
end

function Table(any)
  if any.attributes["tbl-colwidths"] then
    any.attributes["tbl-colwidths"] = nil
  else
    local widths = shares(any)
    for i, column in ipairs(any.colspecs) do column[2] = widths[i] end
  end
  if FORMAT:match("typst") then
    for _, body in ipairs(any.bodies) do
      for _, row in ipairs(body.body) do
        if names_rows(row) then
          row.cells[1].col_span = #row.cells
          row.cells = { row.cells[1] }
        end
      end
    end
  end
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
  for _, name in ipairs({ "note-table", "thesis-section", "dense", "wide", "une" }) do
    if div.classes:includes(name) then return call(name, nil, div.content) end
  end
end

local function bibliographies(meta)
  local named = meta.bibliography
  if not named then return {} end
  if pandoc.utils.type(named) ~= "List" then named = { named } end
  return pandoc.List(named):map(pandoc.utils.stringify)
end

-- A chapter whose heading is of the class `pages-only` is in no PDF.
local function without_pages(blocks)
  local kept, is_out = pandoc.Blocks({}), false
  for _, block in ipairs(blocks) do
    if block.t == "Header" and block.level == 1 then is_out = block.classes:includes("pages-only") end
    if not is_out then kept:insert(block) end
  end
  return kept
end

-- The label of a work is `ref-` and its key, wherever the works are listed.
function Pandoc(document)
  if not FORMAT:match("typst") then return nil end
  document.blocks = without_pages(document.blocks)
  local works = pandoc.List()
  for _, path in ipairs(bibliographies(document.meta)) do
    local file = assert(io.open(path))
    for _, work in ipairs(pandoc.read(file:read("a"), "bibtex").meta.references or {}) do
      local language = work.language and pandoc.utils.stringify(work.language) or ""
      if language:match("^en") then works:insert("<ref-" .. pandoc.utils.stringify(work.id) .. ">") end
    end
    file:close()
  end
  if #works == 0 then return document end
  local rule = "#show selector.or(" .. table.concat(works, ", ") .. '): set text(lang: "en")'
  document.blocks:insert(1, pandoc.RawBlock("typst", rule))
  return document
end
