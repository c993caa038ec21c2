# Reference values of MCA, HCPC and catdes, from R's FactoMineR.
#
#   Rscript tests/reference/factominer.R       writes tests/reference/factominer.json.gz beside it
#
# 100 tables are drawn with a fixed seed: answers without structure, answers that depend on a hidden
# class, and answers drawn from a few profiles; a third of them have missing cells, a quarter have
# supplementary variables.  The tables "poison" and "tea" are FactoMineR's own.  The tables "tail"
# are for catdes alone: strong links in many rows, whose p-values go down to the smallest doubles.
# The tables "degenerate" are for MCA alone: equal eigenvalues leave the axes free to turn, and a
# singular vector that sums to zero leaves the sign of its axis to rounding.
#
# Levels sort by code point, whatever the locale.  Numbers have 17 significant digits, by which a
# double is known exactly.  A gzip file written by R bears no date: the same values, the same bytes.

suppressMessages(library(FactoMineR))
invisible(Sys.setlocale("LC_COLLATE", "C"))

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
output <- file.path(dirname(normalizePath(script)), "factominer.json.gz")

# ---- JSON -------------------------------------------------------------------------------------

quoted <- function(texts) encodeString(as.character(texts), quote = '"')
array <- function(texts) paste0("[", paste(texts, collapse = ","), "]")
whole <- function(values) array(format(as.integer(values), trim = TRUE, scientific = FALSE))
real <- function(values) {
  texts <- sprintf("%.17g", as.vector(values))
  texts[values == Inf] <- "Infinity"
  texts[values == -Inf] <- "-Infinity"
  array(texts)
}
columns <- function(values) array(apply(as.matrix(values), 2, real))
object <- function(...) {
  parts <- Filter(Negate(is.null), list(...))
  paste0("{", paste(quoted(names(parts)), unlist(parts), sep = ":", collapse = ","), "}")
}
boolean <- function(value) if (value) "true" else "false"

# ---- the tables -------------------------------------------------------------------------------

draw_categories <- function(n, probabilities) {
  sample.int(length(probabilities), n, replace = TRUE, prob = probabilities)
}

draw_random <- function(n, sizes) {
  lapply(sizes, function(size) draw_categories(n, runif(size, 0.3, 1)))
}
draw_classes <- function(n, sizes) {
  n_classes <- sample(3:5, 1)
  class <- sample.int(n_classes, n, replace = TRUE)
  strength <- runif(1, 1, 6)
  lapply(sizes, function(size) {
    favourite <- sample.int(size, n_classes, replace = TRUE)
    codes <- integer(n)
    for (one in seq_len(n_classes)) {
      probabilities <- runif(size, 0.5, 1) + strength * (seq_len(size) == favourite[one])
      codes[class == one] <- draw_categories(sum(class == one), probabilities)
    }
    codes
  })
}
draw_profiles <- function(n, sizes) {
  n_profiles <- sample(10:30, 1)
  profile <- draw_categories(n, rexp(n_profiles))
  lapply(sizes, function(size) sample.int(size, n_profiles, replace = TRUE)[profile])
}
kinds <- list(random = draw_random, classes = draw_classes, profiles = draw_profiles)

draw_frame <- function(kind, n, sizes, missing) {
  codes <- kinds[[kind]](n, sizes)
  frame <- as.data.frame(lapply(seq_along(sizes), function(variable) {
    values <- paste0("v", variable, "_", letters[codes[[variable]]])
    values[runif(n) < missing] <- NA
    factor(values)
  }))
  names(frame) <- paste0("v", seq_along(sizes))
  frame
}

enough <- function(frame, n_clusters) {
  all(vapply(frame, nlevels, 1L) > 1) && nrow(unique(frame)) > max(n_clusters, 10)
}

draw_task <- function(number) {
  repeat {
    n <- round(exp(runif(1, log(12), log(400))))
    sizes <- sample(2:5, sample(3:8, 1), replace = TRUE)
    kind <- names(kinds)[1 + number %% 3]
    missing <- if (number %% 9 %in% c(1, 5, 6)) 0.06 else 0
    n_supplementary <- if (number %% 4 == 0 && length(sizes) > 4) 1 + number %% 8 / 4 else 0
    task <- list(
      name = sprintf("%s-%03d", kind, number),
      frame = draw_frame(kind, n, sizes, missing),
      supplementary = tail(seq_along(sizes), n_supplementary),
      n_axes = c(5, 5, 2, 3, 5, 99)[1 + (number %/% 3) %% 6],
      n_clusters = c(-1, 3, -1, 4, 6)[1 + number %% 5],
      consolidate = number %% 10 < 7
    )
    active <- setdiff(seq_along(sizes), task$supplementary)
    if (enough(task$frame[active], task$n_clusters) && enough(task$frame, 1)) return(task)
  }
}

set.seed(1973, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
tasks <- lapply(1:100, draw_task)

data(poison)
data(tea)
own <- function(name, frame, supplementary = integer(0), n_clusters = -1, consolidate = TRUE) {
  list(name = name, frame = frame, supplementary = supplementary, n_axes = 5,
       n_clusters = n_clusters, consolidate = consolidate)
}
tasks <- c(tasks, list(
  own("poison-all", poison[3:15]),
  own("poison-food", poison[3:15], supplementary = 1:2, n_clusters = 4),
  own("tea-all", tea[-19]),
  own("tea-habits", tea[c(1:18, 20:23)], supplementary = 19:22, n_clusters = 3),
  own("tea-unconsolidated", tea[1:18], consolidate = FALSE)
))

# ---- what FactoMineR says ---------------------------------------------------------------------

frame_as_json <- function(frame) {
  array(vapply(names(frame), function(name) {
    values <- frame[[name]]
    codes <- as.integer(values)
    codes[is.na(codes)] <- 0L
    object(name = quoted(name), levels = array(quoted(levels(values))), codes = whole(codes))
  }, ""))
}

mca_as_json <- function(mca, task) {
  n <- nrow(task$frame)
  supplementary <- if (length(task$supplementary)) {
    object(
      names = array(quoted(rownames(mca$quali.sup$coord))),
      coordinates = columns(mca$quali.sup$coord),
      cos2 = columns(mca$quali.sup$cos2),
      v_tests = columns(mca$quali.sup$v.test),
      eta2 = columns(mca$quali.sup$eta2)
    )
  }
  # The contributions of the rows follow from their coordinates: the small tables show it.
  small <- n <= 60
  object(
    eigenvalues = columns(mca$eig),
    rows = object(
      coordinates = columns(mca$ind$coord),
      contributions = if (small) columns(mca$ind$contrib),
      cos2 = if (small) columns(mca$ind$cos2)
    ),
    categories = object(
      names = array(quoted(rownames(mca$var$coord))),
      coordinates = columns(mca$var$coord),
      contributions = columns(mca$var$contrib),
      cos2 = columns(mca$var$cos2),
      v_tests = columns(mca$var$v.test)
    ),
    eta2 = columns(mca$var$eta2),
    supplementary = supplementary
  )
}

catdes_as_json <- function(described, threshold, cluster_sizes) {
  chi2 <- described$test.chi2
  if (is.null(chi2)) chi2 <- matrix(numeric(0), 0, 2)
  categories <- lapply(described$category, function(rows) {
    if (is.null(rows)) rows <- matrix(numeric(0), 0, 5)
    object(names = array(quoted(rownames(rows))), columns = columns(rows))
  })
  object(
    threshold = real(threshold),
    variables = object(names = array(quoted(rownames(chi2))), columns = columns(chi2)),
    categories = array(unlist(categories))
  )
}

near_as_json <- function(distances) {
  array(vapply(distances, function(cluster) {
    values <- unlist(cluster)
    object(rows = array(names(values)), distances = real(values))
  }, ""))
}

hcpc_as_json <- function(hcpc, before, task) {
  called <- hcpc$call
  tree <- called$t$tree
  rows <- as.integer(rownames(called$t$res$ind$coord))
  n_clusters <- if (task$n_clusters < 0) called$t$nb.clust else task$n_clusters
  last <- length(tree$height)
  cut <- cutree(tree, h = mean(tree$height[last - n_clusters + 1:2]))
  object(
    suggested = whole(called$t$nb.clust),
    clusters = whole(hcpc$data.clust$clust),
    before_consolidation = whole(before$data.clust$clust),
    sorted_rows = whole(rows),
    cut_of_sorted_rows = whole(cut),
    heights = real(tree$height),
    gains = real(called$t$inert.gain),
    quotients = real(called$t$quot),
    between_before = real(called$bw.before.consol),
    between_after = if (task$consolidate) real(called$bw.after.consol),
    centres = columns(aggregate(
      called$X[-ncol(called$X)], list(called$X$clust), mean
    )[-1]),
    paragons = near_as_json(hcpc$desc.ind$para),
    most_distant = near_as_json(hcpc$desc.ind$dist)
  )
}

task_as_json <- function(task) {
  frame <- task$frame
  rownames(frame) <- seq_len(nrow(frame))
  supplementary <- if (length(task$supplementary)) task$supplementary
  mca <- MCA(frame, ncp = task$n_axes, quali.sup = supplementary, graph = FALSE)
  hcpc <- HCPC(mca, nb.clust = task$n_clusters, consol = task$consolidate, graph = FALSE)
  before <- HCPC(mca, nb.clust = task$n_clusters, consol = FALSE, graph = FALSE,
                 description = FALSE)
  coded <- mca$call$X
  # catdes at another threshold, and on the cells that are missing still.
  wide <- if (nrow(frame) <= 100) {
    threshold <- c(0.2, 0.5, 0.01)[1 + nrow(frame) %% 3]
    clustered <- cbind.data.frame(frame, clust = hcpc$data.clust$clust)
    catdes_as_json(catdes(clustered, ncol(clustered), proba = threshold), threshold)
  }
  object(
    name = quoted(task$name),
    frame = frame_as_json(frame),
    coded_levels = array(vapply(coded, function(values) array(quoted(levels(values))), "")),
    supplementary = array(quoted(names(frame)[task$supplementary])),
    n_axes = whole(min(task$n_axes, ncol(mca$ind$coord))),
    n_clusters = if (task$n_clusters > 0) whole(task$n_clusters),
    consolidate = boolean(task$consolidate),
    mca = mca_as_json(mca, task),
    hcpc = hcpc_as_json(hcpc, before, task),
    catdes = catdes_as_json(hcpc$desc.var, 0.05),
    catdes_of_uncoded = wide
  )
}

tail_as_json <- function(number) {
  n <- c(300, 1000, 1000, 2000, 5000)[number]
  faithful <- c(0.9, 0.8, 0.999, 1, 0.45)[number]
  cluster <- rep(seq_len(2 + number %% 3), length.out = n)
  noisy <- function(share) {
    kept <- runif(n) < share
    factor(letters[ifelse(kept, cluster, sample.int(4, n, replace = TRUE))])
  }
  frame <- data.frame(strong = noisy(faithful), mild = noisy(faithful / 2), none = noisy(0))
  clustered <- cbind.data.frame(frame, clust = factor(cluster))
  object(
    name = quoted(sprintf("tail-%d", number)),
    frame = frame_as_json(frame),
    clusters = whole(cluster),
    catdes = catdes_as_json(catdes(clustered, 4, proba = 0.3), 0.3)
  )
}

degenerate_as_json <- function(name, frame) {
  frame[] <- Map(function(values, variable) factor(paste(variable, values, sep = "_")),
                 frame, names(frame))
  task <- list(name = name, frame = frame, supplementary = integer(0))
  mca <- MCA(frame, ncp = 2, graph = FALSE)
  object(name = quoted(name), frame = frame_as_json(frame), supplementary = array(character(0)),
         n_axes = whole(2), mca = mca_as_json(mca, task))
}

# Turning the categories of every variable together, a to b, b to c, c to a, leaves this table as
# it is, so that its eigenvalues come in equal pairs.
turned <- function(n, n_variables) {
  codes <- matrix(sample.int(3, n * n_variables, replace = TRUE), n)
  codes[, 2] <- ifelse(runif(n) < 0.6, codes[, 1], codes[, 2])
  all <- rbind(codes, codes %% 3 + 1, (codes + 1) %% 3 + 1)
  frame <- as.data.frame(matrix(letters[all], ncol = n_variables))
  names(frame) <- paste0("v", seq_len(n_variables))
  frame
}

tables <- vapply(tasks, task_as_json, "")
tails <- vapply(1:5, tail_as_json, "")
degenerate <- c(
  degenerate_as_json("equal-factorial", expand.grid(v1 = c("a", "b"), v2 = c("a", "b"),
                                                    v3 = c("a", "b", "c"))),
  degenerate_as_json("equal-turned", turned(20, 4)),
  degenerate_as_json("sign", data.frame(v1 = rep(c("a", "b"), each = 4),
                                        v2 = c("a", "a", "a", "b", "b", "b", "b", "a")))
)

versions <- object(R = quoted(getRversion()), FactoMineR = quoted(packageVersion("FactoMineR")))
text <- object(
  versions = versions,
  tables = paste0("[\n", paste(tables, collapse = ",\n"), "\n]"),
  tails = paste0("[\n", paste(tails, collapse = ",\n"), "\n]"),
  degenerate = paste0("[\n", paste(degenerate, collapse = ",\n"), "\n]")
)

# Renamed only when whole, so that an interrupted run leaves the previous values.
partial <- paste0(output, ".partial")
file <- gzfile(partial, "wb", compression = 9)
writeLines(text, file, useBytes = TRUE)
close(file)
invisible(file.rename(partial, output))
