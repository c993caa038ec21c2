# Time MCA and HCPC, with the description of the clusters, on one table, as often as asked.
#
# The standard input names a CSV file of categories, then asks line after line: "run" prints the
# seconds of one run and the peak memory of this process in bytes (NA where the system does not
# say), "clusters" the clusters that the last run found.

suppressMessages(library(FactoMineR))

input <- file("stdin", "r")
frame <- read.csv(readLines(input, 1), colClasses = "factor")

cluster <- function(frame) {
  analysis <- MCA(frame, graph = FALSE)
  suppressWarnings(HCPC(analysis, nb.clust = -1, graph = FALSE))
}
peak <- function() {
  if (!file.exists("/proc/self/status")) return(NA)
  line <- grep("^VmHWM", readLines("/proc/self/status"), value = TRUE)
  1024 * as.numeric(gsub("[^0-9]", "", line))
}

invisible(cluster(droplevels(head(frame, 100))))
while (length(request <- readLines(input, 1)) == 1) {
  if (request == "run") {
    clock <- Sys.time()
    result <- cluster(frame)
    seconds <- as.numeric(Sys.time() - clock, units = "secs")
    cat(sprintf("%.9f %.0f\n", seconds, peak()))
  } else {
    cat(as.integer(result$data.clust$clust), "\n")
  }
  flush(stdout())
}
