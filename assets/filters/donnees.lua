--[[
A line on every page says which answers its numbers come from: those rebuilt from print, which are
no real person's, or a table of the reader's own (DMP_RESPONDENTS).
]]

local REBUILT = "Les réponses dont partent les nombres de ce livre ont été reconstituées à partir "
  .. "des tableaux imprimés. Elles n’appartiennent à aucune personne réelle."
local OWN = "Les réponses dont partent les nombres de ce livre sont celles du fichier « %s », et non "
  .. "les réponses reconstituées. Le texte, lui, commente les résultats imprimés dans la thèse."

local own = os.getenv("DMP_RESPONDENTS")
if own == "" or own and own:match("data/reconstructed/respondents%.csv$") then own = nil end

-- A caption says that the rows it shows are the rebuilt ones.
function Str(word)
  if own and word.text == "reconstituées)" then return pandoc.Str("fournies)") end
end

local function banner()
  local kind, text = "rebuilt", REBUILT
  if own then kind, text = "own", string.format(OWN, pandoc.path.filename(own)) end
  if FORMAT:match("typst") then
    return pandoc.Blocks({
      pandoc.RawBlock("typst", string.format('#data-banner("%s")[', kind)),
      pandoc.Plain(pandoc.Inlines(text)),
      pandoc.RawBlock("typst", "]"),
    })
  end
  local attributes = pandoc.Attr("", { "data-banner", "data-" .. kind })
  return pandoc.Blocks({ pandoc.Div(pandoc.Plain(pandoc.Inlines(text)), attributes) })
end

function Pandoc(document)
  local blocks, placed = pandoc.Blocks({}), false
  for _, block in ipairs(document.blocks) do
    blocks:insert(block)
    if block.t == "Header" and block.level == 1 then
      blocks:extend(banner())
      placed = true
    end
  end
  if not placed then
    blocks = banner()
    blocks:extend(document.blocks)
  end
  document.blocks = blocks
  return document
end
