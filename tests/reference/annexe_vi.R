# Annexe VI again: MCA and HCPC of R's FactoMineR, with their defaults, on the rebuilt rows.
#
#   Rscript tests/reference/annexe_vi.R        writes tests/reference/annexe_vi.json beside it
#
# The rows are those of data/reconstructed/respondents.csv, users and non-users apart; they belong to
# no real person.  Columns are named as in the annexe.  HCPC is asked for nothing (nb.clust = -1):
# it takes the number of clusters that it suggests, the first 5 axes, and consolidates.
#
# The file holds the suggested number, the cluster of each row, and desc.var: twice, as numbers with
# 17 significant digits, by which a double is known exactly, and as the text that R prints.
#
# It holds the map of all 100 rows as well, of which the thesis reads the quadrants: MCA with its
# defaults, which makes a category of the cells that are missing, as a question put to one group is
# for the other.

suppressMessages(library(FactoMineR))
invisible(Sys.setlocale("LC_COLLATE", "C"))
options(digits = 7, scipen = 999, width = 1000)

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
here <- dirname(normalizePath(script))
output <- file.path(here, "annexe_vi.json")
reconstructed <- file.path(here, "..", "..", "data", "reconstructed")

names_in_annexe <- list(
  users = c(age = "AGE", practice_type = "TYPE_EXERCICE", purpose = "USAGE",
            frequency = "FREQUENCE"),
  non_users = c(barrier_1 = "Frein1", age = "AGE", barrier_2 = "Frein2",
                practice_type = "TYPE_EXERCICE")
)

names_on_the_map <- c(names_in_annexe$users, names_in_annexe$non_users)
names_on_the_map <- names_on_the_map[!duplicated(names_on_the_map)]

respondents <- read.csv(file.path(reconstructed, "respondents.csv"), colClasses = "character",
                        na.strings = "", encoding = "UTF-8")

# ---- JSON -------------------------------------------------------------------------------------

quoted <- function(texts) encodeString(as.character(texts), quote = '"')
array <- function(texts) paste0("[", paste(texts, collapse = ", "), "]")
real <- function(values) array(sprintf("%.17g", as.vector(values)))
whole <- function(values) array(format(as.integer(values), trim = TRUE))
text <- function(values) array(quoted(values))
object <- function(..., indent) {
  parts <- list(...)
  gap <- strrep(" ", indent)
  fields <- paste0(gap, " ", quoted(names(parts)), ": ", unlist(parts), collapse = ",\n")
  paste0("{\n", fields, "\n", gap, "}")
}
stacked <- function(texts, indent) {
  gap <- strrep(" ", indent)
  paste0("[\n", paste0(gap, " ", texts, collapse = ",\n"), "\n", gap, "]")
}

# ---- the analysis -----------------------------------------------------------------------------

# What print() shows of a matrix, cell by cell: a column has the decimals of its neediest number.
as_printed <- function(matrix) {
  lines <- capture.output(print(matrix))
  tail <- lines[-1]
  values <- substring(tail, max(nchar(rownames(matrix))) + 1)
  do.call(rbind, strsplit(trimws(values), " +"))
}

describe <- function(rows, names) {
  answers <- as.data.frame(lapply(rows[names(names)], factor))
  colnames(answers) <- names
  analysis <- MCA(answers, graph = FALSE)
  clustered <- HCPC(analysis, nb.clust = -1, graph = FALSE)
  description <- clustered$desc.var
  tests <- description$test.chi2
  printed_tests <- as_printed(tests)
  clusters <- clustered$data.clust
  clusters <- as.integer(as.character(clusters[order(as.integer(rownames(clusters))), "clust"]))
  categories <- unlist(lapply(names(description$category), function(number) {
    block <- description$category[[number]]
    printed <- as_printed(block)
    vapply(seq_len(nrow(block)), function(row) {
      paste0('{"cluster": ', number, ', "row": ', quoted(rownames(block)[row]), ', "values": ',
             real(block[row, ]), ', "printed": ', text(printed[row, ]), "}")
    }, "")
  }))
  variables <- vapply(seq_len(nrow(tests)), function(row) {
    paste0('{"variable": ', quoted(rownames(tests)[row]), ', "values": ', real(tests[row, ]),
           ', "printed": ', text(printed_tests[row, ]), "}")
  }, "")
  object(
    suggested = clustered$call$t$nb.clust,
    clusters = whole(clusters),
    answers = stacked(vapply(seq_len(nrow(rows)), function(row) {
      text(unlist(rows[row, names(names)]))
    }, ""), 2),
    eigenvalues = real(analysis$eig[, 1]),
    tests = stacked(variables, 2),
    categories = stacked(categories, 2),
    indent = 1
  )
}

place <- function(rows, names) {
  answers <- as.data.frame(lapply(rows[names(names)], factor))
  colnames(answers) <- names
  coordinates <- MCA(answers, graph = FALSE)$var$coord[, 1:2]
  stacked(vapply(seq_len(nrow(coordinates)), function(row) {
    paste0('{"row": ', quoted(rownames(coordinates)[row]), ', "values": ',
           real(coordinates[row, ]), "}")
  }, ""), 1)
}

groups <- list(users = respondents[respondents$uses_dmp == "oui", ],
               non_users = respondents[respondents$uses_dmp == "non", ])
results <- lapply(names(groups), function(group) {
  rows <- groups[[group]]
  rownames(rows) <- seq_len(nrow(rows))
  describe(rows, names_in_annexe[[group]])
})
versions <- quoted(paste("R", getRversion(), "FactoMineR", packageVersion("FactoMineR")))
content <- object(made_with = versions, users = results[[1]], non_users = results[[2]],
                  map = place(respondents, names_on_the_map), indent = 0)

# Renamed only when whole, so that an interrupted run leaves the previous values.
partial <- paste0(output, ".partial")
writeLines(content, partial, useBytes = TRUE)
invisible(file.rename(partial, output))
