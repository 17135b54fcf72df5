# case: unchanged
# What loads the plugin may be async.
import tool

print(tool.main())
