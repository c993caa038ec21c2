# What the settings of HCPC change, by R's FactoMineR, on the rebuilt rows.
#
#   Rscript tests/reference/sensitivity.R      writes sensitivity.csv and gains.csv beside it
#
# The rows are those of data/reconstructed/respondents.csv, users and non-users apart; they belong to
# no real person.  sensitivity.csv has a row for each number of axes, of clusters, and with or
# without consolidation: the cluster of each doctor, in the order of the rows, as a string of digits.
# gains.csv has what HCPC does with its defaults: the inertia that each further cluster gains, with
# 17 significant digits, by which a double is known exactly, and the number of clusters it suggests.

suppressMessages(library(FactoMineR))
invisible(Sys.setlocale("LC_COLLATE", "C"))

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
here <- dirname(normalizePath(script))
rows <- read.csv(
  file.path(here, "..", "..", "data", "reconstructed", "respondents.csv"),
  colClasses = "character", na.strings = character(), encoding = "UTF-8"
)
variables <- list(
  users = c("age", "practice_type", "purpose", "frequency"),
  non_users = c("barrier_1", "age", "barrier_2", "practice_type")
)
is_user <- list(users = "oui", non_users = "non")
shown <- 20

in_order <- function(clustered) {
  clusters <- clustered$data.clust
  as.integer(as.character(clusters[order(as.integer(rownames(clusters))), "clust"]))
}

settings <- NULL
gains <- NULL
for (group in names(variables)) {
  own <- rows[rows$uses_dmp == is_user[[group]], ]
  answers <- as.data.frame(lapply(own[variables[[group]]], factor))
  rownames(answers) <- seq_len(nrow(answers))
  # Few axes would make FactoMineR take an iterative decomposition, which drifts.
  whole <- MCA(answers, ncp = 10, graph = FALSE)
  for (axes in 2:10) {
    analysis <- whole
    analysis$ind$coord <- analysis$ind$coord[, seq_len(axes)]
    analysis$call$ncp <- axes
    for (k in 3:8) {
      for (consolidated in c(TRUE, FALSE)) {
        found <- HCPC(analysis, nb.clust = k, consol = consolidated, graph = FALSE)
        settings <- rbind(settings, data.frame(
          group, axes, clusters = k, consolidated = ifelse(consolidated, "yes", "no"),
          partition = paste(in_order(found), collapse = "")
        ))
      }
    }
  }
  found <- HCPC(MCA(answers, graph = FALSE), nb.clust = -1, graph = FALSE)$call$t
  gains <- rbind(gains, data.frame(
    group, suggested = found$nb.clust, clusters = 1 + seq_len(shown),
    gain = sprintf("%.17g", found$inert.gain[seq_len(shown)])
  ))
}

# Renamed only when whole, so that an interrupted run leaves the previous values.
for (name in c("settings", "gains")) {
  output <- file.path(here, c(settings = "sensitivity.csv", gains = "gains.csv")[[name]])
  partial <- paste0(output, ".partial")
  write.csv(get(name), partial, row.names = FALSE, quote = FALSE)
  invisible(file.rename(partial, output))
}
