package io.inframetrics.functions.payload;

/** What {@code analyze} answers: to a report something else than to an analysis. */
public sealed interface AnalyzeAnswer permits AnalyzeResponse, ReportResponse {}
