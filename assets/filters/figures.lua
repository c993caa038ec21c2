--[[
A figure that a cell drew stands in its page as it is, not as an image: its text can be found, read
aloud and enlarged, and it follows the theme of the page by itself. Its alternative text names it.
The PDF takes it as an image.
]]

local DRAWN = "_files/figure%-html/.*%.svg$"

local function quoted(text)
  return (text:gsub("&", "&amp;"):gsub('"', "&quot;"):gsub("<", "&lt;"))
end

function Image(image)
  if not FORMAT:match("html") or not image.src:match(DRAWN) then return end
  local alternative = image.attributes["fig-alt"] or pandoc.utils.stringify(image.caption)
  -- Not an "img", whose text is no text for who listens.
  local named = '<svg role="graphics-document" aria-label="' .. quoted(alternative) .. '"'
  local _, svg = pandoc.mediabag.fetch(image.src)
  return pandoc.RawInline("html", named .. svg:match("^<svg(.*)$"))
end
