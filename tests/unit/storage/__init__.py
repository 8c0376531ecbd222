"""What is stored, apart from where: form, bounds and rights."""
