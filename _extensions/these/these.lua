--[[
Parts and the divider of the appendices, in a Typst book.

Quarto joins the chapters of a book into one document and marks each with its metadata; what a part
or the divider looks like is left to the format. Here they become calls of the template.
]]

local function divide(header)
  local current = quarto.doc.file_metadata()
  local file = current and current.file
  if header.level ~= 1 or not file then return nil end
  if file.bookItemType == "part" then
    local call = pandoc.Inlines({ pandoc.RawInline("typst", "#part[") })
    call:extend(header.content)
    call:insert(pandoc.RawInline("typst", "]"))
    return pandoc.Plain(call)
  end
  if file.bookItemType == "appendix" then
    local title = pandoc.utils.stringify(header.content)
    return pandoc.RawBlock("typst", string.format('#show: appendices.with("%s")', title))
  end
end

return quarto.utils.combineFilters({
  quarto.utils.file_metadata_filter(),
  { Header = divide },
})
