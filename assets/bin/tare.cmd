@echo off
rem Tare's command line: the same program, on the window's own runtime.
setlocal
set ELECTRON_RUN_AS_NODE=1
set NODE_OPTIONS=
"%~dp0..\..\Tare.exe" "%~dp0..\app.asar\dist\main\cli.cjs" %*
