"""Spreadsheets: CSV files and workbooks in and out, with the cells that people really write."""
