# The map of the whole sample (thesis, IV.C): MCA of R's FactoMineR on the rebuilt rows.
#
#   Rscript tests/reference/whole_sample.R       writes tests/reference/whole_sample.json beside it
#
# The rows are those of data/reconstructed/respondents.csv and belong to no real person; the file
# holds them too, so that the numbers stay comparable when other rows become those of the report.
# A question that was not asked is NA, which MCA makes a category.  uses_dmp is supplementary.
#
# Numbers have 17 significant digits, by which a double is known exactly.

suppressMessages(library(FactoMineR))
invisible(Sys.setlocale("LC_COLLATE", "C"))

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
here <- dirname(normalizePath(script))
output <- file.path(here, "whole_sample.json")
rows <- read.csv(file.path(here, "..", "..", "data", "reconstructed", "respondents.csv"),
                 colClasses = "character", na.strings = "", encoding = "UTF-8")
variables <- c("age", "practice_type", "frequency", "purpose", "barrier_1", "barrier_2", "uses_dmp")
answers <- as.data.frame(lapply(rows[variables], factor))

# ---- JSON -------------------------------------------------------------------------------------

quoted <- function(texts) encodeString(as.character(texts), quote = '"')
array <- function(texts) paste0("[", paste(texts, collapse = ", "), "]")
text <- function(values) {
  texts <- quoted(values)
  texts[is.na(values)] <- '""'
  array(texts)
}
real <- function(values) array(sprintf("%.17g", as.vector(values)))
matrix_rows <- function(values) {
  array(paste0("\n  ", vapply(seq_len(nrow(values)), function(row) real(values[row, ]), "")))
}

# ---- the analysis -----------------------------------------------------------------------------

analysis <- MCA(answers, ncp = 5, quali.sup = length(variables), graph = FALSE)
answered <- vapply(seq_len(nrow(rows)), function(row) text(unlist(rows[row, variables])), "")
content <- c(
  made_with = quoted(paste("R", getRversion(), "FactoMineR", packageVersion("FactoMineR"))),
  variables = text(variables),
  answers = array(paste0("\n  ", answered)),
  eigenvalues = real(analysis$eig[, 1]),
  categories = text(rownames(analysis$var$coord)),
  coordinates = matrix_rows(analysis$var$coord),
  contributions = matrix_rows(analysis$var$contrib),
  cos2 = matrix_rows(analysis$var$cos2),
  v_tests = matrix_rows(analysis$var$v.test),
  eta2_uses_dmp = real(analysis$quali.sup$eta2)
)
fields <- paste0(" ", quoted(names(content)), ": ", content, collapse = ",\n")

# Renamed only when whole, so that an interrupted run leaves the previous values.
partial <- paste0(output, ".partial")
writeLines(paste0("{\n", fields, "\n}"), partial, useBytes = TRUE)
invisible(file.rename(partial, output))
